//! Decodes server-sent events from chunks of bytes.

mod assembly;
mod field;
mod frame;
mod lines;
mod tags;
mod utf8;

pub use frame::{Event, Frame};

use std::fmt;

use self::{assembly::Assembly, lines::Lines, utf8::Utf8};

/// Decodes an event stream as specified by the HTML standard (sections 9.2.5 and 9.2.6), without I/O.
///
/// Chunks may end anywhere, even inside a character or between CR and LF. An event that lies within one chunk and has one
/// line of data is passed on without a copy. Bytes that are not UTF-8 become U+FFFD.
///
/// Use a new decoder for each connection. An event that is incomplete at the end of the stream is discarded, as the
/// standard requires.
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
    /// The default limit for the size of an event: 16 MiB. The LogTide server accepts entries of up to 50 MiB, and streams
    /// them whole.
    pub const MAX_EVENT_BYTES: usize = 16 << 20;

    /// Creates a decoder for a new stream.
    ///
    /// `max_event_bytes` limits the data of an event together with the line that is being read. A larger event becomes
    /// [`Frame::Oversized`], and decoding continues after it. The decoder holds at most `max_event_bytes` and 16 KiB, and
    /// half as much again while its buffer grows.
    #[must_use]
    pub fn new(max_event_bytes: usize) -> Self {
        Self { utf8: Utf8::default(), lines: Lines::default(), assembly: Assembly::new(max_event_bytes) }
    }

    /// Decodes the next bytes of the stream, and calls `each` with every frame that they complete, in order.
    pub fn decode(&mut self, chunk: &[u8], mut each: impl FnMut(Frame<'_>)) {
        self.utf8.decode(chunk, |text| self.lines.decode(text, &mut self.assembly, &mut each));
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new(Self::MAX_EVENT_BYTES)
    }
}

/// Shows sizes only: the contents may be confidential.
impl fmt::Debug for Decoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Decoder").field("event_bytes", &self.assembly.bytes()).finish_non_exhaustive()
    }
}
