//! Server-sent events.

mod bound;
mod chunks;
mod reference;
mod standard;

use std::time::Duration;

use logtide_stream::{Decoder, Frame};

/// A frame that owns its text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum OwnedFrame {
    Event { name: String, data: String, id: String },
    Comment(String),
    Retry(Duration),
    Oversized(u64),
}

impl OwnedFrame {
    fn event(name: &str, data: &str, id: &str) -> Self {
        Self::Event { name: name.to_owned(), data: data.to_owned(), id: id.to_owned() }
    }

    fn message(data: &str) -> Self {
        Self::event("message", data, "")
    }

    fn comment(text: &str) -> Self {
        Self::Comment(text.to_owned())
    }
}

impl From<Frame<'_>> for OwnedFrame {
    fn from(frame: Frame<'_>) -> Self {
        match frame {
            Frame::Event(event) => Self::event(event.name, event.data, event.id),
            Frame::Comment(text) => Self::comment(text),
            Frame::Retry(wait) => Self::Retry(wait),
            Frame::Oversized { bytes } => Self::Oversized(bytes),
            other => panic!("the tests have no form for {other:?}"),
        }
    }
}

/// Decodes chunks with a new decoder.
fn decode<'a>(max_event_bytes: usize, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<OwnedFrame> {
    let mut decoder = Decoder::new(max_event_bytes);
    let mut frames = Vec::new();
    for chunk in chunks {
        decoder.decode(chunk, |frame| frames.push(frame.into()));
    }
    frames
}
