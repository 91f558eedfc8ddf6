//! Errors in the form of OpenTelemetry's semantic conventions.

use super::Name;

/// Strings of the fields `exception` and `error`, captured while they are written.
#[derive(Debug, Default)]
pub(super) struct FlatError {
    name: Part,
    message: Part,
    /// The stack trace of `exception`.
    raw: Part,
    /// The chain of causes of `error`, with the stack trace if there is one.
    stack: Part,
    /// The field whose value comes next.
    next: Option<Field>,
}

#[derive(Clone, Copy, Debug)]
enum Field {
    Type,
    Message,
    Raw,
    Stack,
}

/// A string that may be missing.
#[derive(Debug, Default)]
struct Part {
    text: String,
    is_there: bool,
}

impl FlatError {
    /// The capacity kept for a string, in bytes. Most strings are shorter.
    const MAX_KEPT_BYTES: usize = 16 << 10;

    pub(super) fn clear(&mut self) {
        for part in [&mut self.name, &mut self.message, &mut self.raw, &mut self.stack] {
            if part.is_there {
                part.is_there = false;
                part.text.clear();
                part.text.shrink_to(Self::MAX_KEPT_BYTES);
            }
        }
        self.next = None;
    }

    /// Records the name of a field of `exception` or `error`.
    pub(super) fn key(&mut self, key: &str) {
        self.next = match key {
            "type" => Some(Field::Type),
            "message" => Some(Field::Message),
            "raw" => Some(Field::Raw),
            "stack" => Some(Field::Stack),
            _ => None,
        };
    }

    /// Records the value of that field.
    pub(super) fn text(&mut self, of: Name, text: &str, end: &str) {
        let part = match (of, self.next.take()) {
            (Name::Exception, Some(Field::Type)) => &mut self.name,
            (Name::Exception, Some(Field::Message)) => &mut self.message,
            (Name::Exception, Some(Field::Raw)) => &mut self.raw,
            (Name::Error, Some(Field::Stack)) => &mut self.stack,
            _ => return,
        };
        part.is_there = true;
        part.text.clear();
        part.text.push_str(text);
        part.text.push_str(end);
    }

    /// Returns the attributes: none if there is no `exception` with a type.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (Name, &str)> {
        let stack = if self.raw.is_there { &self.raw } else { &self.stack };
        [
            (Name::ExceptionType, &self.name),
            (Name::ExceptionMessage, &self.message),
            (Name::ExceptionStacktrace, stack),
        ]
        .into_iter()
        .filter(|(_, part)| self.name.is_there && part.is_there)
        .map(|(name, part)| (name, part.text.as_str()))
    }
}
