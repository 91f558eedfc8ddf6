//! What becomes of events in spans that are sent.

/// What becomes of an event in a span, where [spans are sent](crate::Layer::spans).
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
    /// An event of the span, which is sent or left out with it. A span has up to 128 of them, further ones are counted. An event that is in
    /// no span that the layer sends or leaves out is a log entry.
    SpanEvents,
    /// Both.
    Both,
}
