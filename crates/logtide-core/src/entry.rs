//! An entry as a value.

use serde::Deserialize;
use uuid::Uuid;

use crate::{BaseMetadata, Encoder, Frame, Head, IntoMetadata, Level, Metadata, Timestamp};

/// One log entry, owned, for callers who want to set more than a level method takes.
///
/// ```
/// use logtide_core::{Level, LogEntry};
///
/// let entry = LogEntry::new(Level::Info, "api", "request completed")
///     .metadata([("status", 200)])
///     .trace_id("0af7651916cd43dd8448eb211c80319c")
///     .span_id("b7ad6b7169203331");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LogEntry {
    /// How severe it is.
    pub level: Level,
    /// Which service logged it: 1 to 100 UTF-16 units, cut when longer.
    pub service: String,
    /// What happened.
    pub message: String,
    /// Structured data.
    pub metadata: Metadata,
    /// When it happened; the time of the log call when `None`.
    pub time: Option<Timestamp>,
    /// The trace it belongs to: any text up to 256 bytes, W3C form is 32 lower-case hex digits.
    pub trace_id: Option<String>,
    /// The span it belongs to: 16 hex digits; anything else goes to `metadata.span_id`.
    pub span_id: Option<String>,
    /// The session it belongs to: a UUID with dashes; anything else goes to `metadata.session_id`.
    pub session_id: Option<String>,
}

impl LogEntry {
    /// An entry without metadata and ids.
    pub fn new(level: Level, service: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            level,
            service: service.into(),
            message: message.into(),
            metadata: Metadata::new(),
            time: None,
            trace_id: None,
            span_id: None,
            session_id: None,
        }
    }

    /// Adds metadata; fields that the entry has already are replaced.
    #[must_use]
    #[track_caller]
    pub fn metadata(mut self, metadata: impl IntoMetadata) -> Self {
        self.metadata.extend(Metadata::from_fields(metadata));
        self
    }

    /// Sets when it happened, from `SystemTime` or a `chrono` time of any zone.
    #[must_use]
    pub fn time(mut self, time: impl Into<Timestamp>) -> Self {
        self.time = Some(time.into());
        self
    }

    /// Sets the trace it belongs to.
    #[must_use]
    pub fn trace_id(mut self, id: impl Into<String>) -> Self {
        self.trace_id = Some(id.into());
        self
    }

    /// Sets the span it belongs to.
    #[must_use]
    pub fn span_id(mut self, id: impl Into<String>) -> Self {
        self.span_id = Some(id.into());
        self
    }

    /// Sets the session it belongs to.
    #[must_use]
    pub fn session_id(mut self, id: Uuid) -> Self {
        self.session_id = Some(id.hyphenated().to_string());
        self
    }

    /// Reads an encoded entry back; the head is the one that it was encoded with. `None` where the bytes are not an entry.
    ///
    /// It is as it was encoded: mended, within the limits and without secrets. Ids that the server refuses are in its metadata.
    #[must_use]
    pub fn from_encoded(head: &Head<'_>, encoded: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Encoded {
            service: String,
            message: String,
            metadata: Metadata,
            trace_id: Option<String>,
            span_id: Option<String>,
            session_id: Option<String>,
        }
        let encoded: Encoded = serde_json::from_slice(encoded).ok()?;
        Some(Self {
            level: head.level,
            service: encoded.service,
            message: encoded.message,
            metadata: encoded.metadata,
            time: Some(head.time),
            trace_id: encoded.trace_id,
            span_id: encoded.span_id,
            session_id: encoded.session_id,
        })
    }

    /// Encodes the entry, with `now` as its time where it has none of its own.
    pub fn encode<'e>(&self, encoder: &'e mut Encoder, now: Timestamp, base: &BaseMetadata) -> &'e [u8] {
        encoder.encode(&self.head(now, None), &self.message, &self.metadata, base)
    }

    /// The entry without message and metadata, with `now` as its time where it has none of its own.
    #[must_use]
    pub fn head<'a>(&'a self, now: Timestamp, location: Option<Frame<'a>>) -> Head<'a> {
        let mut head = Head::new(self.time.unwrap_or(now), self.level, &self.service);
        head.trace_id = self.trace_id.as_deref();
        head.span_id = self.span_id.as_deref();
        head.session_id = self.session_id.as_deref();
        head.location = location;
        head
    }
}
