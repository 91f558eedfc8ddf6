//! Ids as bytes.

use logtide_core::{Id, SpanId, TraceId};

/// Returns the trace id if it has the W3C form, in upper or lower case.
pub(crate) fn trace_id(id: Id<'_, TraceId>) -> Option<TraceId> {
    match id {
        Id::W3c(id) => Some(id),
        Id::Text(text) if text.len() == TraceId::DIGITS => text.to_ascii_lowercase().parse().ok(),
        Id::Text(_) => None,
    }
}

/// Returns the span id if it has the W3C form, in upper or lower case.
pub(crate) fn span_id(id: Id<'_, SpanId>) -> Option<SpanId> {
    match id {
        Id::W3c(id) => Some(id),
        Id::Text(text) if text.len() == SpanId::DIGITS => text.to_ascii_lowercase().parse().ok(),
        Id::Text(_) => None,
    }
}
