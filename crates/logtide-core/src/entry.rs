//! An entry as a value.

use uuid::Uuid;

use crate::{Head, IntoMetadata, Level, Metadata, OwnedId, Record, RecordWriter, Timestamp};

/// An owned log entry, for callers that set more than the level methods take.
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
    /// The severity.
    pub level: Level,
    /// The service that logged it: 1 to 100 UTF-16 units. Longer names are truncated.
    pub service: String,
    /// What happened.
    pub message: String,
    /// Structured data.
    pub metadata: Metadata,
    /// When it happened. With `None`, the time of the log call.
    pub time: Option<Timestamp>,
    /// The id of the trace it belongs to: any text up to 256 bytes. The W3C form is 32 lowercase hex digits.
    pub trace_id: Option<String>,
    /// The id of the span it belongs to: 16 hex digits. Anything else is sent as `metadata.span_id`.
    pub span_id: Option<String>,
    /// The id of the session it belongs to: a UUID with dashes. Anything else is sent as `metadata.session_id`.
    pub session_id: Option<String>,
}

impl LogEntry {
    /// Creates an entry without metadata and ids.
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

    /// Adds metadata. Existing fields with the same name are replaced.
    #[must_use]
    #[track_caller]
    pub fn metadata(mut self, metadata: impl IntoMetadata) -> Self {
        self.metadata.extend(Metadata::from_fields(metadata));
        self
    }

    /// Sets when it happened, from a `SystemTime` or a `chrono` time in any zone.
    #[must_use]
    pub fn time(mut self, time: impl Into<Timestamp>) -> Self {
        self.time = Some(time.into());
        self
    }

    /// Sets the id of the trace it belongs to.
    #[must_use]
    pub fn trace_id(mut self, id: impl Into<String>) -> Self {
        self.trace_id = Some(id.into());
        self
    }

    /// Sets the id of the span it belongs to.
    #[must_use]
    pub fn span_id(mut self, id: impl Into<String>) -> Self {
        self.span_id = Some(id.into());
        self
    }

    /// Sets the session it belongs to: a UUID, as such or as text. Any other text goes to `metadata.session_id`.
    #[must_use]
    pub fn session_id(mut self, id: impl Into<OwnedId<Uuid>>) -> Self {
        self.session_id = Some(id.into().into());
        self
    }

    /// Writes the entry as a record. `now` is its time if it has none.
    pub fn record<'w>(&'w self, writer: &'w mut RecordWriter, now: Timestamp) -> Record<'w> {
        let mut head = self.head();
        head.time = head.time.or(Some(now));
        let mut fields = writer.begin(&head);
        fields.message(&self.message);
        fields.metadata(&self.metadata);
        fields.finish()
    }

    /// The entry without its message and metadata.
    #[must_use]
    pub fn head(&self) -> Head<'_> {
        let mut head = Head::new(self.level, &self.service);
        head.time = self.time;
        head.ids.trace_id = self.trace_id.as_deref().map(Into::into);
        head.ids.span_id = self.span_id.as_deref().map(Into::into);
        head.ids.session_id = self.session_id.as_deref();
        head
    }
}
