//! Checks of parameters.

use logtide_core::Timestamp;
use logtide_transport::encode;

use crate::QueryError;

/// A lower bound, truncated to milliseconds like the times of stored entries, so an entry that was logged after it is
/// found.
pub(crate) fn earliest(time: impl Into<Timestamp>) -> Timestamp {
    let micros = time.into().as_micros();
    Timestamp::from_micros(micros - micros.rem_euclid(1_000))
}

/// An id as a part of a path, unless it is empty or has another meaning in a path.
pub(crate) fn segment(id: &str) -> Option<String> {
    (!matches!(id, "" | "." | "..")).then(|| encode(id))
}

/// The id of a trace as a part of a path.
pub(crate) fn trace_segment(id: &str) -> Result<String, QueryError> {
    segment(id).ok_or_else(|| match id {
        "" => QueryError::EmptyTraceId,
        id => QueryError::InvalidTraceId(id.to_owned()),
    })
}

/// Rejects a number that the server would reject.
pub(crate) fn require_range(name: &'static str, given: Option<u32>, max: u32) -> Result<(), QueryError> {
    match given.filter(|given| !(1..=max).contains(given)) {
        Some(given) => Err(QueryError::OutOfRange { name, given, max }),
        None => Ok(()),
    }
}

/// Rejects a time range that ends before it starts, in which nothing is found.
pub(crate) fn require_order(from: Timestamp, to: Timestamp) -> Result<(), QueryError> {
    if from > to { Err(QueryError::TimeRange { from, to }) } else { Ok(()) }
}
