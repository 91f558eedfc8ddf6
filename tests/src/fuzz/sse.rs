//! Any bytes as an event stream.

use std::time::Duration;

use logtide_core::limits::MAX_RETRY_AFTER;
use logtide_stream::{Decoder, Frame};

/// Sizes of chunks, repeated. Their number is prime, so that boundaries fall everywhere.
const SIZES: [usize; 7] = [1, 2, 0, 3, 1, 7, 5];

/// The size limit of a name or an id.
const MAX_TAG_BYTES: usize = 4 << 10;

/// A frame that outlives its chunk.
#[derive(Debug, PartialEq, Eq)]
enum Owned {
    Event([String; 3]),
    Comment(String),
    Retry(Duration),
    Oversized(u64),
}

/// Asserts that frames do not depend on chunk boundaries, and respect the size limit.
pub fn sse(stream: &[u8]) {
    for bound in [0, 8, 64, Decoder::MAX_EVENT_BYTES] {
        let whole = frames(bound, [stream]);
        assert_eq!(frames(bound, stream.chunks(1)), whole, "byte by byte, with a bound of {bound}");
        assert_eq!(frames(bound, chunks(stream)), whole, "in uneven chunks, with a bound of {bound}");
        whole.iter().for_each(|frame| check(frame, bound, stream.len()));
    }
}

fn check(frame: &Owned, bound: usize, stream_bytes: usize) {
    match frame {
        Owned::Event([name, data, id]) => {
            assert!(data.len() < bound && !name.is_empty() && !data.contains('\r'));
            assert!(![name, id].iter().any(|tag| tag.contains(['\r', '\n'])) && !id.contains('\0'));
        }
        Owned::Comment(text) => assert!(text.len() < bound && !text.contains(['\r', '\n'])),
        Owned::Retry(wait) => assert!(*wait <= MAX_RETRY_AFTER),
        Owned::Oversized(bytes) => {
            assert!(*bytes > bound.min(MAX_TAG_BYTES) as u64);
            // Each invalid byte becomes three bytes when it is replaced.
            assert!(*bytes <= 3 * stream_bytes as u64);
        }
    }
}

fn frames<'a>(bound: usize, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Owned> {
    let (mut decoder, mut frames) = (Decoder::new(bound), Vec::new());
    for chunk in chunks {
        decoder.decode(chunk, |frame| frames.push(own(frame)));
    }
    frames
}

fn own(frame: Frame<'_>) -> Owned {
    match frame {
        Frame::Event(event) => Owned::Event([event.name, event.data, event.id].map(str::to_owned)),
        Frame::Comment(text) => Owned::Comment(text.to_owned()),
        Frame::Retry(wait) => Owned::Retry(wait),
        Frame::Oversized { bytes } => Owned::Oversized(bytes),
        other => panic!("{other:?} is unknown here"),
    }
}

fn chunks(mut stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut sizes = SIZES.iter().cycle();
    std::iter::from_fn(move || {
        let size = sizes.next().filter(|_| !stream.is_empty())?;
        let (chunk, rest) = stream.split_at(stream.len().min(*size));
        stream = rest;
        Some(chunk)
    })
}
