//! What came of a request.

use std::time::Duration;

use crate::{ServerAnswer, Timestamp};

/// What came of sending a batch, as far as its entries are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The server stored the batch.
    Stored {
        /// How many entries the server says it took; `None` when it does not say.
        received: Option<usize>,
        /// How many entries it lists as rejected.
        rejected: usize,
    },
    /// The server refuses these entries, or stored none of them: at least one of them is bad.
    Refused {
        /// What the server said.
        detail: String,
    },
    /// The server refuses a body of this size.
    TooLarge {
        /// What the server said.
        detail: String,
    },
    /// The server refuses the request for a reason that is not in the entries: a wrong key, a wrong address.
    Denied {
        /// What the server said.
        detail: String,
    },
    /// The server asks for patience: 429.
    Limited {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// What the server said.
        detail: String,
    },
    /// The server answered that it failed: 5xx. An entry may be the cause, as the server's 0.5.0 answers 500 to some.
    Failed {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// What the server said.
        detail: String,
    },
    /// The server could not be reached, or something else answered in its place.
    Unavailable {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// What happened.
        detail: String,
    },
}

impl Outcome {
    /// Reads an answer of `POST /api/v1/ingest`: its status, `Retry-After` header and whole body, at that moment of wall-clock time.
    ///
    /// It is what [`ServerAnswer::outcome`] gives. Use that where only the beginning of the body was read, and to keep the key out of
    /// what is told of the answer.
    #[must_use]
    pub fn of_answer(status: u16, retry_after_header: Option<&str>, body: &[u8], now: Timestamp) -> Self {
        ServerAnswer::new(status, body).outcome(retry_after_header, now)
    }
}
