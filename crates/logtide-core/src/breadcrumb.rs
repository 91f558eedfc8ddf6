//! Events before an entry.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

use crate::{IntoMetadata, Level, Metadata, ParseNameError, Timestamp};

/// An event before an entry, as an element of `metadata.breadcrumbs`.
///
/// ```
/// use logtide_core::{Breadcrumb, BreadcrumbKind, Level};
///
/// let breadcrumb = Breadcrumb::new("GET /users")
///     .kind(BreadcrumbKind::Http)
///     .category("request")
///     .level(Level::Debug)
///     .data([("status", 200)]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Breadcrumb {
    /// The kind of event.
    #[serde(rename = "type")]
    pub kind: BreadcrumbKind,
    /// A category of the application's choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What happened.
    pub message: String,
    /// How severe it was.
    pub level: Level,
    /// When it happened. Where `None`, it becomes the time when a client takes it into a scope.
    ///
    /// It is sent as a number of milliseconds since 1970, because the server's pages compute with it.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "milliseconds")]
    pub timestamp: Option<Timestamp>,
    /// Structured data.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub data: Metadata,
}

/// The kind of event that a breadcrumb describes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum BreadcrumbKind {
    /// A request.
    Http,
    /// Navigation within the application.
    Navigation,
    /// An action of a user.
    Ui,
    /// A printed line.
    Console,
    /// A database query.
    Query,
    /// A failure.
    Error,
    /// Anything else.
    #[default]
    Custom,
}

impl Breadcrumb {
    /// Creates a breadcrumb of the kind `custom` and the level `info`.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            kind: BreadcrumbKind::default(),
            category: None,
            message: message.into(),
            level: Level::Info,
            timestamp: None,
            data: Metadata::new(),
        }
    }

    /// Sets the kind of event.
    #[must_use]
    pub fn kind(mut self, kind: BreadcrumbKind) -> Self {
        self.kind = kind;
        self
    }

    /// Sets a category of the application's choice.
    #[must_use]
    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Sets how severe it was.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Sets when it happened, from `SystemTime` or a `chrono` time of any zone.
    #[must_use]
    pub fn timestamp(mut self, timestamp: impl Into<Timestamp>) -> Self {
        self.timestamp = Some(timestamp.into());
        self
    }

    /// Adds structured data. Existing fields with the same name are replaced.
    #[must_use]
    #[track_caller]
    pub fn data(mut self, data: impl IntoMetadata) -> Self {
        self.data.extend(Metadata::from_fields(data));
        self
    }
}

impl BreadcrumbKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Http, Self::Navigation, Self::Ui, Self::Console, Self::Query, Self::Error, Self::Custom];

    /// The name on the wire, such as `http`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Navigation => "navigation",
            Self::Ui => "ui",
            Self::Console => "console",
            Self::Query => "query",
            Self::Error => "error",
            Self::Custom => "custom",
        }
    }
}

impl fmt::Display for BreadcrumbKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// Reads the name of a kind in any case.
impl FromStr for BreadcrumbKind {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_named = |kind: &Self| text.eq_ignore_ascii_case(kind.as_str());
        Self::ALL.into_iter().find(is_named).ok_or(ParseNameError::new(
            "kind of breadcrumb",
            "http, navigation, ui, console, query, error or custom",
        ))
    }
}

fn milliseconds<S: Serializer>(timestamp: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    timestamp.map(|timestamp| timestamp.as_micros().div_euclid(1_000)).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_full_and_a_small_breadcrumb_on_the_wire() {
        let full = Breadcrumb::new("GET /a")
            .kind(BreadcrumbKind::Http)
            .category("request")
            .level(Level::Warn)
            .timestamp(Timestamp::from_micros(1_700_000_000_000_999))
            .data([("status", 200)]);
        let expected = json!({
            "type": "http", "category": "request", "message": "GET /a", "level": "warn",
            "timestamp": 1_700_000_000_000_i64, "data": {"status": 200},
        });
        assert_eq!(serde_json::to_value(&full).unwrap(), expected);
        let small = serde_json::to_value(Breadcrumb::new("m")).unwrap();
        assert_eq!(small, json!({"type": "custom", "message": "m", "level": "info"}));
    }

    #[test]
    fn kinds_have_the_names_of_the_contract_both_ways() {
        let names = ["http", "navigation", "ui", "console", "query", "error", "custom"];
        assert_eq!(serde_json::to_value(BreadcrumbKind::ALL).unwrap(), json!(names));
        assert_eq!(BreadcrumbKind::ALL.map(BreadcrumbKind::as_str), names);
        for (kind, name) in BreadcrumbKind::ALL.into_iter().zip(names) {
            assert_eq!((kind.to_string(), name.to_uppercase().parse()), (name.to_owned(), Ok(kind)));
        }
        let error = "htt".parse::<BreadcrumbKind>().unwrap_err().to_string();
        assert!(error.starts_with("unknown kind of breadcrumb: use http, "), "{error}");
    }
}
