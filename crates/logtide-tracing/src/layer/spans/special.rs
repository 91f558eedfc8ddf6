//! Fields that set the properties of a span.

use logtide_core::{SpanFields, SpanKind, SpanStatus};

/// The fields of a span that `tracing-opentelemetry` gives a meaning. Only strings count.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Special<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) kind: SpanKind,
    pub(super) status: SpanStatus,
    pub(super) status_message: Option<&'a str>,
}

impl<'a> Special<'a> {
    pub(super) fn of(fields: &'a SpanFields) -> Self {
        let status_message =
            fields.text("otel.status_description").or_else(|| fields.text("otel.status_message"));
        let status = fields.text("otel.status_code").map(status);
        // Only errors have a description.
        let implied = if status_message.is_some() { SpanStatus::Error } else { SpanStatus::Unset };
        Self {
            name: fields.text("otel.name").filter(|name| !name.is_empty()),
            kind: fields.text("otel.kind").map(kind).unwrap_or_default(),
            status: status.unwrap_or(implied),
            status_message,
        }
    }
}

fn kind(text: &str) -> SpanKind {
    let kinds = [
        ("server", SpanKind::Server),
        ("client", SpanKind::Client),
        ("producer", SpanKind::Producer),
        ("consumer", SpanKind::Consumer),
    ];
    named(text, &kinds)
}

fn status(text: &str) -> SpanStatus {
    named(text, &[("ok", SpanStatus::Ok), ("error", SpanStatus::Error)])
}

/// Looks up a value by its name, ignoring case.
fn named<T: Copy + Default>(text: &str, values: &[(&str, T)]) -> T {
    let found = values.iter().find(|(name, _)| text.eq_ignore_ascii_case(name));
    found.map(|(_, value)| *value).unwrap_or_default()
}
