//! What happens to a stream beside its entries.

use std::time::Duration;

use logtide_query::QueryError;

/// What [`StreamOptions::on_event`](crate::StreamOptions::on_event) is told.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum StreamEvent<'a> {
    /// The connection stands, and the server has said so.
    Connected,
    /// There is no connection, or no longer one.
    Disconnected {
        /// Why.
        cause: &'a QueryError,
        /// When it is tried again.
        retry_in: Duration,
    },
    /// The [`complete`](crate::StreamOptions::complete) mode has handed out all that was stored, and goes on live.
    CaughtUp,
    /// A query of the `complete` mode failed. Nothing is lost.
    QueryFailed {
        /// Why.
        cause: &'a QueryError,
        /// When it is tried again.
        retry_in: Duration,
    },
    /// There are more entries in the look-back window than ids are kept for, so it reaches less far back.
    LookbackShortened {
        /// Its length.
        to: Duration,
    },
}
