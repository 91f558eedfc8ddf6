//! Where a wire of another format receives values.

use std::borrow::Cow;

use crate::{Level, SpanId, TraceId, record::Id};

/// Receives the metadata of an entry, value by value, for a wire of another format than JSON.
///
/// What it receives is mended, limited and without secrets; see [`Json::write_metadata`](crate::Json::write_metadata). A value follows each
/// key, and the elements of an array follow each other. What stands outside of all objects are the fields of the metadata itself.
pub trait ValueSink {
    /// Begins a field.
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

    /// Adds a truth value.
    fn bool(&mut self, value: bool);

    /// Adds an integer.
    fn integer(&mut self, value: i64);

    /// Adds a finite float. Others arrive as texts.
    fn float(&mut self, value: f64);

    /// Adds a text of two parts; the second is empty where it was not cut.
    fn text(&mut self, text: &str, end: &str);

    /// Whether it takes integers beyond 2^53, which otherwise arrive as texts. Default `true`.
    fn takes_large_integers(&self) -> bool {
        true
    }
}

/// What stands beside the metadata of an entry, mended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EntryHead<'a> {
    /// When it happened, in nanoseconds since 1970.
    pub nanos: u64,
    /// How severe it is.
    pub level: Level,
    /// The service, never empty.
    pub service: Cow<'a, str>,
    /// The message, never empty.
    pub message: Cow<'a, str>,
    /// The trace.
    pub trace_id: Option<Id<'a, TraceId>>,
    /// The span: a text has 16 hex digits.
    pub span_id: Option<Id<'a, SpanId>>,
    /// The session, a UUID.
    pub session_id: Option<&'a str>,
}
