//! Server-sent events.

mod bound;
mod chunks;
mod reference;
mod standard;

use std::time::Duration;

use logtide_stream::{Decoder, Frame};

/// A frame that outlives its chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    Event { name: String, data: String, id: String },
    Comment(String),
    Retry(Duration),
    Oversized(u64),
}

impl Seen {
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

impl From<Frame<'_>> for Seen {
    fn from(frame: Frame<'_>) -> Self {
        match frame {
            Frame::Event(event) => Self::event(event.name, event.data, event.id),
            Frame::Comment(text) => Self::comment(text),
            Frame::Retry(wait) => Self::Retry(wait),
            Frame::Oversized { bytes } => Self::Oversized(bytes),
            other => panic!("{other:?} is unknown to the tests"),
        }
    }
}

/// What a new decoder with this bound makes of the chunks.
fn decode<'a>(max_event_bytes: usize, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Seen> {
    let mut decoder = Decoder::new(max_event_bytes);
    let mut seen = Vec::new();
    for chunk in chunks {
        decoder.decode(chunk, |frame| seen.push(frame.into()));
    }
    seen
}
