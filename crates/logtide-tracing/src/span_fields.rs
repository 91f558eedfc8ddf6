//! Where the fields of spans go.

/// Where the fields of an event's spans go.
///
/// ```
/// assert_eq!(logtide_tracing::SpanFields::default(), logtide_tracing::SpanFields::Flatten);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpanFields {
    /// Among the metadata, as the event's own. Of fields with the same name the innermost is taken.
    #[default]
    Flatten,
    /// Into an object under the name of their span. Of spans with the same name the innermost is taken.
    Nest,
    /// Nowhere.
    Omit,
}
