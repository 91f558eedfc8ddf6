//! How records become requests, and what answers mean.

pub(crate) mod json;
mod value_sink;

use std::fmt;

pub use self::value_sink::{EntryHead, ValueSink};
use crate::{Outcome, Record, ServerAnswer, Timestamp};

/// How a batch of records becomes a request, and what its answer means.
///
/// A [`Pipeline`](crate::Pipeline) decides which records go together and when; what they look like on the way is the wire's. A body is made
/// by [`begin`](Self::begin), [`write`](Self::write) for each record, and [`end`](Self::end). It may be made several times of the same records,
/// and of parts of them. An entry that was rendered alone and kept in a file is put into a body as it is, after a
/// [`separator`](Self::separate).
pub trait Wire: fmt::Debug + Send + Sync {
    /// The name of the format, by which entries that were rendered are known again: a word of letters, digits and hyphens.
    fn name(&self) -> &'static str;

    /// The path of the request, below the server's address.
    fn path(&self) -> &'static str;

    /// The type of the body.
    fn content_type(&self) -> &'static str;

    /// How the body is compressed: the `Content-Encoding` of the request. Default none.
    fn content_encoding(&self) -> Option<&'static str> {
        None
    }

    /// How many entries a request may have.
    fn max_entries(&self) -> usize;

    /// How many bytes a body may have before it is compressed.
    fn max_body_bytes(&self) -> usize;

    /// Begins a body in an empty buffer.
    fn begin(&mut self, body: &mut Vec<u8>);

    /// Adds what stands before the next entry: nothing before the first, in most formats.
    fn separate(&self, body: &mut Vec<u8>);

    /// Adds an entry alone.
    fn render(&mut self, record: Record<'_>, out: &mut Vec<u8>);

    /// Adds an entry to a body. What it added is taken off again where the body becomes too large.
    fn write(&mut self, record: Record<'_>, body: &mut Vec<u8>) {
        self.separate(body);
        self.render(record, body);
    }

    /// How many bytes [`end`](Self::end) adds at most.
    fn end_bytes(&self) -> usize;

    /// Ends a body, and compresses it.
    fn end(&mut self, body: &mut Vec<u8>);

    /// What an answer says of the entries that were sent, at that moment of wall-clock time.
    fn outcome(&self, answer: ServerAnswer<'_>, retry_after_header: Option<&str>, now: Timestamp) -> Outcome;
}
