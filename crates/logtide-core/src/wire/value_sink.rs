//! Receives values for a wire of another format.

use std::borrow::Cow;

use crate::{Level, SpanId, TraceId, record::Id};

/// Receives the metadata of an entry, value by value, for a wire of another format than JSON.
///
/// All values are fixed, limited and redacted; see [`Json::write_metadata`](crate::Json::write_metadata). A key is
/// followed by its value, and an array by its elements. Fields outside of all objects are those of the metadata
/// itself.
pub trait ValueSink {
    /// Starts a field.
    fn key(&mut self, key: &str);

    /// Opens an object.
    fn open_object(&mut self);

    /// Closes it.
    fn close_object(&mut self);

    /// Opens an array.
    fn open_array(&mut self);

    /// Closes it.
    fn close_array(&mut self);

    /// Adds null.
    fn null(&mut self);

    /// Adds a boolean.
    fn bool(&mut self, value: bool);

    /// Adds an integer.
    fn integer(&mut self, value: i64);

    /// Adds a finite float. Others are passed as texts.
    fn float(&mut self, value: f64);

    /// Adds a text of two parts. The second is empty unless the text was truncated.
    fn text(&mut self, text: &str, end: &str);

    /// Whether it accepts integers beyond 2^53. Otherwise they are passed as texts. Default: `true`.
    fn takes_large_integers(&self) -> bool {
        true
    }
}

/// The data of an entry other than its metadata, fixed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EntryHead<'a> {
    /// When it happened, in nanoseconds since 1970.
    pub nanos: u64,
    /// The severity.
    pub level: Level,
    /// The service, never empty.
    pub service: Cow<'a, str>,
    /// The message, never empty.
    pub message: Cow<'a, str>,
    /// The trace id.
    pub trace_id: Option<Id<'a, TraceId>>,
    /// The span id. A text has 16 hex digits.
    pub span_id: Option<Id<'a, SpanId>>,
    /// The session id, a UUID.
    pub session_id: Option<&'a str>,
}
