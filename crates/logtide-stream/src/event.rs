//! Events of a stream.

use std::time::Duration;

use logtide_query::QueryError;

/// An event for [`StreamOptions::on_event`](crate::StreamOptions::on_event).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum StreamEvent<'a> {
    /// The server has confirmed the connection.
    Connected,
    /// The connection broke, or could not be established.
    Disconnected {
        /// The cause.
        cause: &'a QueryError,
        /// The time until the next attempt.
        retry_in: Duration,
    },
    /// The [`complete`](crate::StreamOptions::complete) mode has handed out all stored entries and continues live.
    CaughtUp,
    /// A query of the `complete` mode failed. No entry is lost.
    QueryFailed {
        /// The cause.
        cause: &'a QueryError,
        /// The time until the next attempt.
        retry_in: Duration,
    },
    /// The look-back window has more entries than ids can be kept for, so it is shorter than asked for.
    LookbackShortened {
        /// The new length.
        to: Duration,
    },
}
