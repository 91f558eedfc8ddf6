//! Lines out of text.

use super::{Frame, assembly::Assembly};

/// Cuts text into lines, which end with LF, CR or CRLF.
#[derive(Default)]
pub(super) struct Lines {
    /// A byte order mark is none behind the first character.
    begun: bool,
    /// A line feed belongs to the line end before it.
    after_cr: bool,
}

impl Lines {
    /// Hands the lines of the next text to the assembly, the last of them unfinished.
    pub(super) fn decode(
        &mut self,
        mut text: &str,
        assembly: &mut Assembly,
        each: &mut impl FnMut(Frame<'_>),
    ) {
        if text.is_empty() {
            return;
        }
        if !self.begun {
            self.begun = true;
            text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        }
        let mut in_place = None;
        loop {
            if self.after_cr && !text.is_empty() {
                self.after_cr = false;
                text = text.strip_prefix('\n').unwrap_or(text);
            }
            let Some(end) = memchr::memchr2(b'\n', b'\r', text.as_bytes()) else { break };
            self.after_cr = text.as_bytes()[end] == b'\r';
            assembly.line(&text[..end], &mut in_place, each);
            text = &text[end + 1..];
        }
        assembly.keep(text, in_place);
    }
}
