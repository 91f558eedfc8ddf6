//! Where the fields of spans go.

/// Where the fields of an event's spans go.
///
/// ```
/// assert_eq!(logtide_tracing::SpanFields::default(), logtide_tracing::SpanFields::Flatten);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpanFields {
    /// Into the metadata, like the event's own fields. If several spans have a field of the same name, the innermost wins.
    #[default]
    Flatten,
    /// Into an object under the name of their span. If several spans have the same name, the innermost wins.
    Nest,
    /// Nowhere.
    Omit,
}
