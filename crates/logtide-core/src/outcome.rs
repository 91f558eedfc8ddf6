//! The outcome of a request.

use std::time::Duration;

use crate::{ServerAnswer, Timestamp};

/// The outcome of sending a batch, for its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The server stored the batch.
    Stored {
        /// How many entries the server reports as received, or `None` if it does not say.
        received: Option<usize>,
        /// How many entries the server reports as rejected.
        rejected: usize,
    },
    /// The server rejected these entries, or stored none of them. At least one is bad.
    Refused {
        /// What the server said.
        detail: String,
    },
    /// The server rejects a body of this size.
    TooLarge {
        /// What the server said.
        detail: String,
    },
    /// The server rejected the request for a reason other than its entries: the key or the address is wrong.
    Denied {
        /// Whether the server rejected the key: it answered 401 or 403, and not with a web page, as proxies do.
        key_rejected: bool,
        /// What the server said.
        detail: String,
    },
    /// The server's rate limit is reached: 429.
    Limited {
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
        /// What the server said.
        detail: String,
    },
    /// The server failed: 5xx. An entry may be the cause, since server 0.5.0 answers 500 to some.
    Failed {
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
        /// What the server said.
        detail: String,
    },
    /// The server could not be reached, or something else answered.
    Unavailable {
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
        /// What happened.
        detail: String,
    },
}

impl Outcome {
    /// Interprets a response to `POST /api/v1/ingest` from its status, `Retry-After` header and whole body, at this
    /// wall-clock time.
    ///
    /// This equals [`ServerAnswer::outcome`]. Use that method if only the beginning of the body was read, or to keep
    /// the key out of the texts.
    #[must_use]
    pub fn of_answer(status: u16, retry_after_header: Option<&str>, body: &[u8], now: Timestamp) -> Self {
        ServerAnswer::new(status, body).outcome(retry_after_header, now)
    }
}
