//! What becomes of events in spans that are sent.

/// What becomes of an event in a span, if [spans are sent](crate::Layer::spans).
///
/// ```
/// assert_eq!(logtide_tracing::SpanEvents::default(), logtide_tracing::SpanEvents::LogEntries);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpanEvents {
    /// A log entry with the ids of the span.
    #[default]
    LogEntries,
    /// An event of the span, sent or left out with it. A span keeps up to 128 events and counts the rest. An event outside of any
    /// span that the layer sends or leaves out is a log entry.
    SpanEvents,
    /// Both.
    Both,
}
