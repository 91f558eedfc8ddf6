//! Frames of a stack in a record.

use super::{
    Value,
    layout::{NULL, U32},
    text::write_text,
};
use crate::Frame;

/// The frames of an error's stack, innermost first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frames<'a>(&'a [u8]);

impl<'a> Frames<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        read_frame(&mut self.0)
    }
}

pub(super) fn read_frame<'a>(rest: &mut &'a [u8]) -> Option<Frame<'a>> {
    let [function, file] = [optional_text(rest)?, optional_text(rest)?];
    let [line, column] = [optional_number(rest)?, optional_number(rest)?];
    Some(Frame { file, function, line, column })
}

pub(super) fn write_frame(out: &mut Vec<u8>, frame: &Frame<'_>) {
    for text in [frame.function, frame.file] {
        match text {
            Some(text) => write_text(out, text),
            None => out.push(NULL),
        }
    }
    for number in [frame.line, frame.column] {
        match number {
            Some(number) => {
                out.push(U32);
                out.extend_from_slice(&number.to_le_bytes());
            }
            None => out.push(NULL),
        }
    }
}

fn optional_text<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a str>> {
    match Value::read(rest)? {
        Value::Null => Some(None),
        Value::Text(text) => Some(Some(text)),
        _ => None,
    }
}

fn optional_number(rest: &mut &[u8]) -> Option<Option<u32>> {
    match Value::read(rest)? {
        Value::Null => Some(None),
        Value::Unsigned(number) => u32::try_from(number).ok().map(Some),
        _ => None,
    }
}
