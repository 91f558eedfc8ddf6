//! What an entry should be like.

use std::fmt;

use crate::{IntoMetadata, Level, LogEntry, Metadata};

/// What an entry should be like, for the assertions of [`Captured`](super::Captured). All that is set has to hold.
///
/// A text stands for a pattern of a part of the message, and a level for a pattern of the level.
///
/// ```
/// use logtide::{Level, testing::{self, Pattern}};
///
/// let (client, captured) = testing::capture();
/// client.error("shop", "the card was refused", (("order", 42), ("retry", false)));
///
/// let refused = Pattern::new().level(Level::Error).service("shop").message_contains("refused");
/// captured.assert_logged(refused.clone().metadata([("order", 42)]));
/// captured.assert_not_logged(refused.metadata([("order", 43)]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    level: Option<Level>,
    service: Option<String>,
    message: Option<String>,
    parts: Vec<String>,
    metadata: Metadata,
    trace_id: Option<String>,
}

impl Pattern {
    /// Any entry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Sets the service.
    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.service = Some(service.into());
        self
    }

    /// Sets the whole message.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Adds a part of the message.
    #[must_use]
    pub fn message_contains(mut self, part: impl Into<String>) -> Self {
        self.parts.push(part.into());
        self
    }

    /// Adds fields of the metadata with their values; an entry may have further ones.
    #[must_use]
    #[track_caller]
    pub fn metadata(mut self, fields: impl IntoMetadata) -> Self {
        self.metadata.extend(Metadata::from_fields(fields));
        self
    }

    /// Sets the trace.
    #[must_use]
    pub fn trace_id(mut self, trace_id: impl fmt::Display) -> Self {
        self.trace_id = Some(trace_id.to_string());
        self
    }

    /// Whether an entry is like this.
    #[must_use]
    pub fn matches(&self, entry: &LogEntry) -> bool {
        self.level.is_none_or(|level| level == entry.level)
            && self.service.as_ref().is_none_or(|service| *service == entry.service)
            && self.message.as_ref().is_none_or(|message| *message == entry.message)
            && self.parts.iter().all(|part| entry.message.contains(part))
            && self.metadata.iter().all(|(key, value)| entry.metadata.get(key) == Some(value))
            && self.trace_id.as_ref().is_none_or(|trace_id| entry.trace_id.as_ref() == Some(trace_id))
    }
}

impl From<&str> for Pattern {
    fn from(part: &str) -> Self {
        Self::new().message_contains(part)
    }
}

impl From<Level> for Pattern {
    fn from(level: Level) -> Self {
        Self::new().level(level)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = Vec::new();
        said.extend(self.level.map(|level| format!("the level {level}")));
        said.extend(self.service.as_ref().map(|service| format!("the service {service:?}")));
        said.extend(self.message.as_ref().map(|message| format!("the message {message:?}")));
        said.extend(self.parts.iter().map(|part| format!("{part:?} in its message")));
        said.extend(self.metadata.iter().map(|(key, value)| format!("{key} = {value}")));
        said.extend(self.trace_id.as_ref().map(|trace_id| format!("the trace {trace_id}")));
        match said.is_empty() {
            true => formatter.write_str("anything"),
            false => formatter.write_str(&said.join(", ")),
        }
    }
}
