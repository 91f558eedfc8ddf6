//! Server-sent events, read from chunks of bytes.

mod assembly;
mod field;
mod frame;
mod lines;
mod tags;
mod utf8;

pub use frame::{Event, Frame};

use std::fmt;

use self::{assembly::Assembly, lines::Lines, utf8::Utf8};

/// Reads the frames of an event stream as the HTML standard says (sections 9.2.5 and 9.2.6), without I/O.
///
/// Chunks may end anywhere, also inside a character or between CR and LF: the frames are the same. An event that lies
/// within one chunk and has one line of data is handed over in place; what a chunk leaves unfinished is kept. Bytes that
/// are not UTF-8 become U+FFFD.
///
/// An event that the stream ends in is never handed over: drop the decoder with its stream, and begin each connection
/// with a new one.
///
/// ```
/// use logtide_stream::{Decoder, Frame};
///
/// let mut decoder = Decoder::default();
/// let mut seen = Vec::new();
/// for chunk in ["data: {\"type\":\"conn", "ected\"}\n\n: heartbeat\n\n"] {
///     decoder.decode(chunk.as_bytes(), |frame| match frame {
///         Frame::Event(event) => seen.push(event.data.to_owned()),
///         Frame::Comment(text) => seen.push(text.to_owned()),
///         _ => {}
///     });
/// }
/// assert_eq!(seen, [r#"{"type":"connected"}"#, "heartbeat"]);
/// ```
pub struct Decoder {
    utf8: Utf8,
    lines: Lines,
    assembly: Assembly,
}

impl Decoder {
    /// The default bound on an event: 16 MiB. The LogTide server takes entries of up to 50 MiB, and shows them whole.
    pub const MAX_EVENT_BYTES: usize = 16 << 20;

    /// Makes a decoder for a stream that begins.
    ///
    /// `max_event_bytes` bounds the data of an event together with the line that is being read. A larger event ends as
    /// [`Frame::Oversized`], and decoding goes on behind it. The decoder holds at most the bound and some 16 KiB,
    /// and half the bound more for the moment in which its buffer grows.
    #[must_use]
    pub fn new(max_event_bytes: usize) -> Self {
        Self { utf8: Utf8::default(), lines: Lines::default(), assembly: Assembly::new(max_event_bytes) }
    }

    /// Reads the next bytes of the stream, and hands every frame that they finish to `each`, in order.
    pub fn decode(&mut self, chunk: &[u8], mut each: impl FnMut(Frame<'_>)) {
        self.utf8.decode(chunk, |text| self.lines.decode(text, &mut self.assembly, &mut each));
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new(Self::MAX_EVENT_BYTES)
    }
}

/// Shows sizes alone: what passes through may be confidential.
impl fmt::Debug for Decoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Decoder").field("event_bytes", &self.assembly.bytes()).finish_non_exhaustive()
    }
}
