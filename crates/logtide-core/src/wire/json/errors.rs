//! Errors in the forms that the SDKs document and that the server groups by.

use super::{
    sink::Sink,
    values::{MAX_DEPTH, TOO_DEEP, begin_entry, limited, write_entry, write_text},
};
use crate::{
    CallSite, Content, Frame,
    exception::write_chain,
    record::{Entries, ErrorPlace, ErrorValue, Frames, Item, Items, Value},
    stacktrace::write_lines,
};

/// An error, and where it happened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report<'a> {
    error: ErrorValue<'a>,
    /// The location at which it is reported: the only frame without a stack.
    site: Option<Frame<'a>>,
    /// The stack, if there is one.
    frames: Option<Frames<'a>>,
}

impl<'a> Report<'a> {
    /// `None` if there is no error in it.
    pub(super) fn new(
        error: ErrorValue<'a>,
        call_site: Option<&CallSite>,
        frames: Frames<'a>,
        content: &Content,
    ) -> Option<Self> {
        error.links().next()?;
        let site = match error.place {
            ErrorPlace::Unknown => None,
            ErrorPlace::CallSite => call_site.and_then(CallSite::frame),
            ErrorPlace::Frame(frame) => Some(frame),
        };
        let site = site.map(Frame::without_toolchain);
        let is_place =
            |site: &Frame<'_>| site.file.is_some() && site.line.is_some() && site.function.is_none();
        let mut rest = frames;
        let has_frames = content.has_frames() && site.as_ref().is_some_and(is_place) && rest.next().is_some();
        Some(Self { error, site, frames: has_frames.then_some(frames) })
    }

    /// Writes a line for the error, one for each cause, and one for each frame.
    pub(super) fn write_stack(&self, content: &Content, stack: &mut String) {
        let limited = |text| limited(content, text);
        write_chain(stack, self.error.links().map(|(name, message)| (limited(name), limited(message))));
        write_lines(stack, self.all_frames());
    }

    /// Writes the value of `error`.
    pub(super) fn write_summary<S: Sink>(&self, sink: &mut S, content: &Content, depth: usize, stack: &str) {
        let (name, message) = self.error.links().next().unwrap_or_default();
        let stack = content.error_text().unwrap_or(stack);
        sink.open_object();
        for (key, text) in [("name", name), ("message", message), ("stack", stack)] {
            write_entry(sink, content, depth + 1, key, Value::Text(text));
        }
        sink.close_object();
    }

    /// Writes the value of `exception`.
    pub(super) fn write_exception<S: Sink>(
        &self,
        sink: &mut S,
        content: &Content,
        depth: usize,
        stack: &str,
    ) {
        let mut open = 0;
        let mut links = self.error.links().peekable();
        while let Some((name, message)) = links.next() {
            sink.open_object();
            open += 1;
            for (key, text) in [("type", name), ("message", message), ("language", "rust")] {
                write_entry(sink, content, depth + open, key, Value::Text(text));
            }
            if open == 1 && self.site.is_some() {
                self.write_frames(sink, content, depth + 1, stack);
            }
            if links.peek().is_none() || !begin_entry(sink, content, "cause") {
                break;
            }
            if depth + open >= MAX_DEPTH {
                sink.text(TOO_DEEP);
                break;
            }
        }
        (0..open).for_each(|_| sink.close_object());
    }

    /// Writes the fields `stacktrace` and `raw` of an exception.
    fn write_frames<S: Sink>(&self, sink: &mut S, content: &Content, depth: usize, stack: &str) {
        if begin_entry(sink, content, "stacktrace") {
            sink.open_array();
            for frame in self.all_frames() {
                sink.element();
                write_frame(sink, content, depth + 2, &frame);
            }
            sink.close_array();
        }
        let is_wanted = content.error_text().is_none() && content.replacement("raw").is_none();
        if self.frames.is_some() && is_wanted {
            sink.key("raw");
            write_text(sink, content, stack);
        }
    }

    /// The frames of the stack, if the innermost has a file: the server omits an exception with a raw text in which
    /// no frame has one. Without a stack, the location at which it is reported.
    fn all_frames(&self) -> impl Iterator<Item = Frame<'a>> {
        let site = self.site;
        let of_stack = self.frames.unwrap_or_default().enumerate().map(move |(index, mut frame)| {
            if let (0, None, Some(site)) = (index, frame.file, site) {
                (frame.file, frame.line, frame.column) = (site.file, site.line, site.column);
            }
            frame
        });
        of_stack.chain(site.filter(|_| self.frames.is_none()))
    }
}

fn write_frame<S: Sink>(sink: &mut S, content: &Content, depth: usize, frame: &Frame<'_>) {
    sink.open_object();
    let texts =
        [("file", frame.file), ("function", frame.function)].map(|(key, text)| (key, text.map(Value::Text)));
    let numbers = [("line", frame.line), ("column", frame.column)]
        .map(|(key, number)| (key, number.map(|number| Value::Unsigned(number.into()))));
    for (key, value) in texts.into_iter().chain(numbers) {
        if let Some(value) = value {
            write_entry(sink, content, depth, key, value);
        }
    }
    sink.close_object();
}

/// Whether `error` and `exception` among the items are an error in both forms, as written by the SDK or left by a
/// hook.
pub(super) fn is_pair(items: Items<'_>) -> bool {
    let object = |wanted: &str| {
        items.into_iter().find_map(|item| match item {
            Item::Field(key, Value::Object(entries)) if key.as_str() == wanted => Some(entries),
            _ => None,
        })
    };
    let text = |entries: Entries<'_>, wanted: &str| {
        entries.into_iter().find_map(|(key, value)| match value {
            Value::Text(text) if key == wanted => Some(text.to_owned()),
            _ => None,
        })
    };
    let (Some(error), Some(exception)) = (object("error"), object("exception")) else { return false };
    let name = text(error, "name");
    name.is_some()
        && name == text(exception, "type")
        && text(exception, "language").is_some_and(|language| language == "rust")
}

/// Writes the value of `error` of a pair, with a text in place of its stack, which repeats other fields.
pub(super) fn write_pairs_summary<S: Sink>(
    sink: &mut S,
    content: &Content,
    depth: usize,
    entries: Entries<'_>,
    text: &'static str,
) {
    sink.open_object();
    for (key, value) in entries {
        let value = if key == "stack" { Value::Text(text) } else { value };
        write_entry(sink, content, depth + 1, key, value);
    }
    sink.close_object();
}
