//! The frames of a backtrace.

mod attach;
mod frame;
mod origin;
mod parse;

use std::fmt::Write as _;

pub use self::frame::Frame;
use crate::{Content, encode::cut_encoded};

/// Frames of one error: the server keeps no more.
pub const MAX_FRAMES: usize = 100;

/// Bytes of frames in `metadata.error.stack` and `metadata.exception.raw`, each; whole lines are kept.
const MAX_TEXT_BYTES: usize = 8 * 1024;

/// The frames of a backtrace that are the application's or its libraries', innermost first, at most [`MAX_FRAMES`].
///
/// It is read from the text that `std::backtrace::Backtrace` displays as. Frames of the standard library, of the start of program
/// and threads, of the panic machinery and of this SDK are left out, and so are those without a name. A text of another form gives
/// no frames.
///
/// ```
/// use logtide_core::Stacktrace;
///
/// let text = "   0: app::load\n             at ./src/main.rs:12:5\n   1: std::rt::lang_start\n   2: main\n";
/// let stacktrace = Stacktrace::parse(text);
/// assert_eq!(stacktrace.frames().len(), 1);
/// assert_eq!(stacktrace.frames()[0].function, Some("app::load"));
/// assert_eq!((stacktrace.frames()[0].file, stacktrace.frames()[0].line), (Some("src/main.rs"), Some(12)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stacktrace<'a> {
    frames: Vec<Frame<'a>>,
}

impl<'a> Stacktrace<'a> {
    /// Reads the text of a backtrace.
    #[must_use]
    pub fn parse(backtrace: &'a str) -> Self {
        let frames = parse::frames(backtrace).filter(origin::is_of_interest).take(MAX_FRAMES).collect();
        Self { frames }
    }

    /// The frames, innermost first.
    #[must_use]
    pub fn frames(&self) -> &[Frame<'a>] {
        &self.frames
    }

    /// The entry with these frames in place of the call's place, or `None` where there is nothing to attach or to attach to.
    ///
    /// The entry stays within the limits and without what the content leaves out.
    ///
    /// It looks at `metadata.error.stack` and `metadata.exception`, changes only what the SDK wrote there, and leaves every other
    /// byte as it is. Where the innermost frame has no file, it gets the call's place.
    #[must_use]
    pub fn attach(&self, entry: &[u8], content: &Content) -> Option<Vec<u8>> {
        if self.frames.is_empty() || !content.has_frames() {
            return None;
        }
        let attached = attach::attach(&self.frames, entry, content)?;
        Some(cut_encoded(&attached, content).unwrap_or(attached))
    }
}

/// The frames, a line each, as far as they fit.
fn write_lines(text: &mut String, frames: &[Frame<'_>]) {
    let start = text.len();
    for frame in frames {
        let line = frame.line_of_stack();
        if text.len() - start + line.len() > MAX_TEXT_BYTES {
            break;
        }
        let _ = text.write_str(&line);
    }
}

#[cfg(test)]
mod tests;
