//! Checks of what is asked for.

use logtide_core::Timestamp;
use logtide_transport::encode;

use crate::QueryError;

/// A lower bound, cut to milliseconds, as the server cuts the times of entries: an entry logged after it is found.
pub(crate) fn earliest(time: impl Into<Timestamp>) -> Timestamp {
    let micros = time.into().as_micros();
    Timestamp::from_micros(micros - micros.rem_euclid(1_000))
}

/// An id as a part of a path, unless it is empty, or proxies would take it for a step in the path.
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

/// Refuses a number that the server would refuse.
pub(crate) fn require_range(name: &'static str, given: Option<u32>, max: u32) -> Result<(), QueryError> {
    match given.filter(|given| !(1..=max).contains(given)) {
        Some(given) => Err(QueryError::OutOfRange { name, given, max }),
        None => Ok(()),
    }
}

/// Refuses a time that ends before it begins, in which nothing is ever found.
pub(crate) fn require_order(from: Timestamp, to: Timestamp) -> Result<(), QueryError> {
    if from > to { Err(QueryError::TimeRange { from, to }) } else { Ok(()) }
}
