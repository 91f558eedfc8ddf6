//! Texts in a record.

use std::fmt::{self, Display};

use super::layout::{TEXT_8, TEXT_32};
use crate::{
    bridge::catch,
    content::{Content, Limited, TRUNCATED},
};

/// Marks the end of a text whose formatting panicked.
const PANICKED: &str = "(panicked while it was formatted)";

/// Writes a text.
#[inline(always)]
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    if let Ok(length) = u8::try_from(text.len()) {
        out.reserve(text.len() + 2);
        out.extend_from_slice(&[TEXT_8, length]);
    } else {
        out.push(TEXT_32);
        out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    }
    out.extend_from_slice(text.as_bytes());
}

/// Writes a text, truncated to the limits.
#[inline(always)]
pub(super) fn write_limited(out: &mut Vec<u8>, content: &Content, text: &str) {
    if text.len() <= content.max_field_bytes() {
        write_text(out, text);
    } else {
        write_long(out, content, text);
    }
}

#[cold]
fn write_long(out: &mut Vec<u8>, content: &Content, text: &str) {
    match content.limit(text) {
        None => write_text(out, text),
        Some(Limited::Replaced(replacement)) => write_text(out, replacement),
        Some(Limited::Cut(start)) => {
            let length = (start.len() + TRUNCATED.len()) as u32;
            out.push(TEXT_32);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(start.as_bytes());
            out.extend_from_slice(TRUNCATED.as_bytes());
        }
    }
}

/// Writes a formatted text. If `Display` fails or panics, the text up to that point is kept, and a panic is marked.
#[inline]
pub(super) fn write_arguments(out: &mut Vec<u8>, arguments: fmt::Arguments<'_>) -> fmt::Result {
    let start = begin_text(out);
    let written = catch(|| fmt::write(&mut Text(out), arguments)).unwrap_or_else(|_| {
        out.extend_from_slice(PANICKED.as_bytes());
        Ok(())
    });
    end_text(out, start);
    written
}

/// Like [`write_display`], truncated to the limits.
#[inline]
pub(super) fn write_limited_display(
    out: &mut Vec<u8>,
    content: &Content,
    value: impl Display,
) -> fmt::Result {
    write_limited_arguments(out, content, format_args!("{value}"))
}

/// Like [`write_arguments`], truncated to the limits.
#[inline]
pub(super) fn write_limited_arguments(
    out: &mut Vec<u8>,
    content: &Content,
    arguments: fmt::Arguments<'_>,
) -> fmt::Result {
    #[cold]
    fn limit(out: &mut Vec<u8>, content: &Content, start: usize) {
        let written = out.split_off(start);
        if let Some(text) = super::value::text(&mut &*written) {
            write_long(out, content, text);
        }
    }
    let start = out.len();
    let formatted = write_arguments(out, arguments);
    if out.len() - start > content.max_field_bytes() {
        limit(out, content, start);
    }
    formatted
}

/// Starts a text of unknown length, and returns its position.
#[inline]
fn begin_text(out: &mut Vec<u8>) -> usize {
    out.extend_from_slice(&[TEXT_8, 0]);
    out.len()
}

#[inline]
fn end_text(out: &mut Vec<u8>, start: usize) {
    #[cold]
    fn widen(out: &mut Vec<u8>, start: usize) {
        let length = out.len() - start;
        out.extend_from_slice(&[0; 3]);
        out.copy_within(start..start + length, start + 3);
        out[start - 2] = TEXT_32;
        out[start - 1..start + 3].copy_from_slice(&(length as u32).to_le_bytes());
    }
    match u8::try_from(out.len() - start) {
        Ok(length) => out[start - 1] = length,
        Err(_) => widen(out, start),
    }
}

struct Text<'a>(&'a mut Vec<u8>);

impl fmt::Write for Text<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Has the `Display` form of a value. A panic of its `Display` ends only this text.
pub(crate) struct Guarded<T>(pub(crate) T);

impl<T: Display> Display for Guarded<T> {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match catch(|| self.0.fmt(formatter)) {
            Ok(result) => result,
            Err(_) => formatter.write_str(PANICKED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Panics;

    impl Display for Panics {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("some text ")?;
            panic!("expected in this test")
        }
    }

    #[test]
    fn a_panic_leaves_what_was_written_and_says_so() {
        assert_eq!(Guarded(Panics).to_string(), format!("some text {PANICKED}"));
        assert_eq!(Guarded(7).to_string(), "7");
    }

    #[test]
    fn texts_of_any_length_are_read_back() {
        for length in [0, 1, 255, 256, 257, 70_000] {
            let text = "x".repeat(length);
            let (mut written, mut displayed) = (vec![7], vec![7]);
            write_text(&mut written, &text);
            write_arguments(&mut displayed, format_args!("{text}")).unwrap();
            assert_eq!(written, displayed);
            assert_eq!(super::super::value::text(&mut &written[1..]), Some(text.as_str()));
        }
    }
}
