//! Wire formats.

pub(crate) mod json;
mod value_sink;

use std::fmt;

pub use self::value_sink::{EntryHead, ValueSink};
use crate::{Outcome, Record, ServerAnswer, Timestamp};

/// A wire format: turns a batch of records into a request, and interprets the response.
///
/// A [`Pipeline`](crate::Pipeline) decides which records go together and when, and the wire decides their format. A
/// body is made by [`begin`](Self::begin), [`write`](Self::write) for each record, and [`end`](Self::end). A body may
/// be made several times from the same records, or from parts of them. An entry that was rendered separately and kept
/// in a file is copied into a body after a [`separator`](Self::separate).
pub trait Wire: fmt::Debug + Send + Sync {
    /// The name of the format, which identifies rendered entries in files: a word of letters, digits and hyphens.
    fn name(&self) -> &'static str;

    /// The path of the request, relative to the server's address.
    fn path(&self) -> &'static str;

    /// The `Content-Type` of the body.
    fn content_type(&self) -> &'static str;

    /// The compression of the body, as `Content-Encoding`. Default: none.
    fn content_encoding(&self) -> Option<&'static str> {
        None
    }

    /// The maximum number of entries in a request.
    fn max_entries(&self) -> usize;

    /// The maximum size of a body before compression, in bytes.
    fn max_body_bytes(&self) -> usize;

    /// Starts a body in an empty buffer.
    fn begin(&mut self, body: &mut Vec<u8>);

    /// Adds the separator before the next entry. Most formats need none before the first.
    fn separate(&self, body: &mut Vec<u8>);

    /// Renders an entry separately.
    fn render(&mut self, record: Record<'_>, out: &mut Vec<u8>);

    /// Adds an entry to a body. What it adds is removed again if the body becomes too large.
    fn write(&mut self, record: Record<'_>, body: &mut Vec<u8>) {
        self.separate(body);
        self.render(record, body);
    }

    /// The maximum number of bytes that [`end`](Self::end) adds.
    fn end_bytes(&self) -> usize;

    /// Ends a body, and compresses it.
    fn end(&mut self, body: &mut Vec<u8>);

    /// Interprets a response, at this wall-clock time.
    fn outcome(&self, answer: ServerAnswer<'_>, retry_after_header: Option<&str>, now: Timestamp) -> Outcome;
}
