//! The text of `std::backtrace::Backtrace`.
//!
//! A frame is a line `  12: name`, or only the name for an inlined call, followed by `at file:line:column` if that is
//! known.

use super::Frame;
use crate::limits::cut_bytes;

/// The maximum size of a function's or a file's name in bytes: names of generic functions can be very long.
const MAX_NAME_BYTES: usize = 256;

pub(super) fn frames(text: &str) -> impl Iterator<Item = Frame<'_>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut lines = lines.skip_while(|line| numbered(line).is_none()).peekable();
    std::iter::from_fn(move || {
        let mut frame = loop {
            // A location without a function is ignored.
            if let Some(function) = lines.next().filter(|line| place(line).is_none()) {
                break Frame {
                    function: Some(cut(numbered(function).unwrap_or(function))),
                    ..Frame::default()
                };
            }
            lines.peek()?;
        };
        if let Some((file, line, column)) = lines.peek().and_then(|line| place(line)) {
            lines.next();
            frame.file = Some(cut(file));
            (frame.line, frame.column) = (line, column);
        }
        Some(frame)
    })
}

/// The name after a number.
fn numbered(line: &str) -> Option<&str> {
    let (number, name) = line.split_once(": ")?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.trim_start())
}

/// The parts of `at file:line:column`. The numbers may be missing, and the file name may contain colons.
fn place(line: &str) -> Option<(&str, Option<u32>, Option<u32>)> {
    let place = line.strip_prefix("at ")?;
    let (file, line, column) = match split_number(place) {
        None => (place, None, None),
        Some((rest, last)) => match split_number(rest) {
            None => (rest, Some(last), None),
            Some((file, line)) => (file, Some(line), Some(last)),
        },
    };
    let file = file.strip_prefix("./").or_else(|| file.strip_prefix(".\\")).unwrap_or(file);
    Some((file, line, column))
}

fn split_number(text: &str) -> Option<(&str, u32)> {
    let (rest, number) = text.rsplit_once(':')?;
    Some((rest, number.parse().ok()?))
}

fn cut(name: &str) -> &str {
    cut_bytes(name, MAX_NAME_BYTES)
}
