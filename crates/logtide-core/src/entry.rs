//! An entry as a value.

use uuid::Uuid;

use crate::{Head, IntoMetadata, Level, Metadata, OwnedId, Record, RecordWriter, Timestamp};

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

    /// Sets the session it belongs to: a UUID, as such or as text. Any other text goes to `metadata.session_id`.
    #[must_use]
    pub fn session_id(mut self, id: impl Into<OwnedId<Uuid>>) -> Self {
        self.session_id = Some(id.into().into());
        self
    }

    /// Writes the entry as a record, with `now` as its time where it has none of its own.
    pub fn record<'w>(&'w self, writer: &'w mut RecordWriter, now: Timestamp) -> Record<'w> {
        let mut head = self.head();
        head.time = head.time.or(Some(now));
        let mut fields = writer.begin(&head);
        fields.message(&self.message);
        fields.metadata(&self.metadata);
        fields.finish()
    }

    /// The entry without message and metadata.
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
