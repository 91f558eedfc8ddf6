//! Splits text into lines.

use super::{Frame, assembly::Assembly};

/// Splits text into lines that end with LF, CR or CRLF.
#[derive(Default)]
pub(super) struct Lines {
    /// The first character has come: only before it is U+FEFF a byte order mark.
    begun: bool,
    /// The last line ended with CR: a line feed that follows belongs to it.
    after_cr: bool,
}

impl Lines {
    /// Passes the lines of the next text to the assembly. The last one is incomplete.
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
