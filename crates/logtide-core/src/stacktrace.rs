//! The frames of a backtrace.

mod frame;
mod origin;
mod parse;

pub use self::frame::Frame;
use crate::Record;

/// The maximum number of frames: the server keeps no more.
const MAX_FRAMES: usize = 100;

/// The maximum size of the frames in `metadata.error.stack` and in `metadata.exception.raw`, in bytes. Only whole
/// lines are kept.
const MAX_TEXT_BYTES: usize = 8 * 1024;

/// The frames of a backtrace that belong to the application or its libraries, innermost first, at most 100.
///
/// It is parsed from the `Display` form of `std::backtrace::Backtrace`. Frames of the standard library, of the start
/// of program and threads, of panic handling and of this SDK are omitted, and so are those without a name. Text of
/// another form gives no frames.
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
    /// Parses the text of a backtrace.
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

    /// Returns the record with these frames as the stack of its error, or `None` if there are none.
    #[must_use]
    pub fn attach(&self, record: Record<'_>) -> Option<Vec<u8>> {
        (!self.frames.is_empty()).then(|| record.with_frames(&self.frames))
    }
}

/// Writes frames, one on each line, as far as they fit.
pub(crate) fn write_lines<'a>(text: &mut String, frames: impl Iterator<Item = Frame<'a>>) {
    let start = text.len();
    for frame in frames {
        let end = text.len();
        frame.write_line(text);
        if text.len() - start > MAX_TEXT_BYTES {
            text.truncate(end);
            break;
        }
    }
}

#[cfg(test)]
mod tests;
