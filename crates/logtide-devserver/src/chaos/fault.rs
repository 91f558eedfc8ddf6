//! What can go wrong.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One way for the server to fail.
///
/// Faults are looked at in the order in which they were set. [`Fault::Slow`] and [`Fault::CloseAfterAnswer`]
/// add to what comes after them; of the others, the first that applies to a request decides it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// Answers with a status, 200 to 999, and stores nothing; another number is answered as 503.
    Status(u16),
    /// Answers 429 as the rate limiter does, with `Retry-After`.
    RateLimited {
        /// Time to wait, told in whole seconds, rounded up.
        #[serde(rename = "retry_after_seconds", with = "seconds")]
        retry_after: Duration,
    },
    /// Answers 429 as a used-up monthly quota does, without `Retry-After`.
    QuotaExceeded,
    /// Reads the request, stores nothing, and never answers; clearing the faults closes the connection.
    Hang,
    /// Reads the request, stores nothing, and resets the connection.
    Reset,
    /// Stores the entries or spans and resets the connection before the answer, so that a client sends them twice.
    StoreThenReset,
    /// Waits before the request is handled, as it then is even if the client has left.
    #[serde(rename = "slow_milliseconds", with = "milliseconds")]
    Slow(Duration),
    /// Answers, then closes the connection without having said `connection: close`.
    CloseAfterAnswer,
    /// Answers 400 to a batch with an entry whose message, or a span whose name, contains the text.
    RejectMessage(String),
    /// Answers as if nothing was wrong to a batch with an entry whose message, or a span whose name, contains the
    /// text, and stores none of it: `200 {"received":0}`, which OTLP does not tell from any other 200.
    InsertFails(String),
    /// Counts the entries whose message, or the spans whose name, contains the text as rejected in an answer of 200
    /// and stores the others, as an OpenTelemetry Collector does; only requests over OTLP meet it.
    RejectPart(String),
    /// Answers 413 to a body of more bytes than this, after reading it, as a proxy in front of the server does.
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
