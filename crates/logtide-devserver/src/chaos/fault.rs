//! Faults.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A way in which the server fails.
///
/// Faults are checked in the order in which they were set. [`Fault::Slow`] and [`Fault::CloseAfterAnswer`] combine with
/// the faults that follow them. Of the others, only the first one that matches a request applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// Responds with this status, 200 to 999, and stores nothing. Any other number responds with 503.
    Status(u16),
    /// Responds with 429 as the rate limiter does, with `Retry-After`.
    RateLimited {
        /// The time to wait, sent in whole seconds, rounded up.
        #[serde(rename = "retry_after_seconds", with = "seconds")]
        retry_after: Duration,
    },
    /// Responds with 429 as for a used-up monthly quota, without `Retry-After`.
    QuotaExceeded,
    /// Reads the request, stores nothing, and never responds. Clearing the faults closes the connection.
    Hang,
    /// Reads the request, stores nothing, and resets the connection.
    Reset,
    /// Stores the entries or spans and resets the connection before the response, so that a client sends them twice.
    StoreThenReset,
    /// Waits before handling the request, which is then handled even if the client has disconnected.
    #[serde(rename = "slow_milliseconds", with = "milliseconds")]
    Slow(Duration),
    /// Responds, then closes the connection without announcing it with `connection: close`.
    CloseAfterAnswer,
    /// Responds with 400 to a batch with an entry whose message, or a span whose name, contains this text.
    RejectMessage(String),
    /// Responds with success to a batch with an entry whose message, or a span whose name, contains this text, but
    /// stores none of it: `200 {"received":0}`. Over OTLP, the response does not differ from any other 200.
    InsertFails(String),
    /// Stores all but the entries whose message, or the spans whose name, contains this text, and counts those as
    /// rejected in a response with status 200. An OpenTelemetry Collector does the same. Only requests over OTLP are
    /// affected.
    RejectPart(String),
    /// Responds with 413 to a body of more bytes than this after reading it, as a proxy in front of the server does.
    RefuseOver(usize),
}

mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(duration.as_secs())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_secs)
    }
}

pub(super) mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::chaos) fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }

    pub(in crate::chaos) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}
