//! What came of a request.

use std::time::Duration;

use serde::Deserialize;

use crate::{Timestamp, retry_after};

/// What came of sending a batch, as far as its entries are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The server answered 2xx.
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
    /// The server could not be reached, or gave no answer of its own.
    Unavailable {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// What happened.
        detail: String,
    },
}

impl Outcome {
    /// Reads an answer of `POST /api/v1/ingest`: its status, `Retry-After` header and body, at that moment of wall-clock time.
    ///
    /// | answer | outcome |
    /// |---|---|
    /// | 2xx | [`Outcome::Stored`]; [`Outcome::Refused`] with `"received": 0`, which is how the server answers when its insert failed |
    /// | 400, 422 | [`Outcome::Refused`] |
    /// | 413 | [`Outcome::TooLarge`] |
    /// | 429 | [`Outcome::Limited`] |
    /// | 408 | [`Outcome::Unavailable`] |
    /// | 5xx | [`Outcome::Failed`] |
    /// | everything else | [`Outcome::Denied`] |
    #[must_use]
    pub fn of_answer(status: u16, retry_after_header: Option<&str>, body: &[u8], now: Timestamp) -> Self {
        let retry_after = retry_after_header.and_then(|value| retry_after(value, now));
        match status {
            200..300 => Self::of_receipt(body),
            400 | 422 => Self::Refused { detail: describe(status, body) },
            413 => Self::TooLarge { detail: describe(status, body) },
            429 => Self::Limited { retry_after, detail: describe(status, body) },
            408 => Self::Unavailable { retry_after, detail: describe(status, body) },
            500.. => Self::Failed { retry_after, detail: describe(status, body) },
            _ => Self::Denied { detail: describe(status, body) },
        }
    }

    fn of_receipt(body: &[u8]) -> Self {
        #[derive(Default, Deserialize)]
        struct Receipt {
            received: Option<usize>,
            #[serde(default)]
            rejected: Vec<serde::de::IgnoredAny>,
        }
        // A body of any other form is a proxy's or another version's; the status alone counts then.
        let receipt: Receipt = serde_json::from_slice(body).unwrap_or_default();
        if receipt.received == Some(0) && receipt.rejected.is_empty() {
            return Self::Refused { detail: "the server answered 200 but stored nothing".to_owned() };
        }
        Self::Stored { received: receipt.received, rejected: receipt.rejected.len() }
    }
}

/// Characters of the server's own text that are kept.
const MAX_DETAIL: usize = 200;

/// Status and text of an error answer: the text is in `message` when there is one, else in `error`.
fn describe(status: u16, body: &[u8]) -> String {
    #[derive(Default, Deserialize)]
    struct ErrorBody {
        message: Option<String>,
        error: Option<String>,
    }
    let body: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
    match body.message.or(body.error) {
        Some(text) => format!("status {status}: {}", text.chars().take(MAX_DETAIL).collect::<String>()),
        None => format!("status {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(0);

    fn of(status: u16, body: &str) -> Outcome {
        Outcome::of_answer(status, None, body.as_bytes(), NOW)
    }

    #[test]
    fn success_reads_the_receipt() {
        assert_eq!(
            of(200, r#"{"received":3,"timestamp":"x"}"#),
            Outcome::Stored { received: Some(3), rejected: 0 }
        );
        let partly = r#"{"received":2,"rejected":[{"index":0,"reason":"pii_masking_failed"}]}"#;
        assert_eq!(of(200, partly), Outcome::Stored { received: Some(2), rejected: 1 });
        for body in ["", "ok", "<html>", "[]", "{}"] {
            assert_eq!(of(202, body), Outcome::Stored { received: None, rejected: 0 }, "{body}");
        }
    }

    #[test]
    fn nothing_received_is_a_refusal() {
        assert!(matches!(of(200, r#"{"received":0}"#), Outcome::Refused { .. }));
    }

    #[test]
    fn statuses_fall_into_their_classes() {
        for status in [400, 422] {
            assert!(matches!(of(status, ""), Outcome::Refused { .. }), "{status}");
        }
        for status in [301, 401, 403, 404, 405, 410, 415, 451] {
            assert!(matches!(of(status, ""), Outcome::Denied { .. }), "{status}");
        }
        for status in [500, 501, 502, 503, 504, 507, 599] {
            assert!(matches!(of(status, ""), Outcome::Failed { .. }), "{status}");
        }
        assert!(matches!(of(408, ""), Outcome::Unavailable { .. }));
        assert!(matches!(of(413, ""), Outcome::TooLarge { .. }));
        let limited = Outcome::of_answer(429, Some("2"), b"{}", NOW);
        assert_eq!(
            limited,
            Outcome::Limited { retry_after: Some(Duration::from_secs(2)), detail: "status 429".to_owned() }
        );
    }

    #[test]
    fn the_servers_own_text_is_told() {
        let detail = |outcome| match outcome {
            Outcome::Denied { detail } => detail,
            other => panic!("{other:?}"),
        };
        assert_eq!(detail(of(401, r#"{"error":"Unauthorized"}"#)), "status 401: Unauthorized");
        let both = r#"{"error":"Forbidden","message":"Request origin not allowed"}"#;
        assert_eq!(detail(of(403, both)), "status 403: Request origin not allowed");
        assert_eq!(detail(of(404, &format!(r#"{{"error":"{}"}}"#, "x".repeat(9_000)))).len(), 212);
    }
}
