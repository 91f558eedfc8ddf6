//! Responses of the server, or of a proxy in its place.

mod partial_success;
mod receipt;
mod unexpected;
mod words;

use std::fmt;

pub use self::unexpected::UnexpectedBody;
use self::{receipt::Receipt, words::Words};
use crate::{Outcome, Timestamp, clean_text::clean_text, retry_after};

/// A response: its status, and its body or the beginning of it.
///
/// All text that it returns is one short line, without control characters and without the [`secrets`](Self::secrets).
///
/// ```
/// use logtide_core::{Outcome, ServerAnswer, Timestamp};
///
/// let answer = ServerAnswer::new(401, br#"{"error":"unknown key lp_secret"}"#).secrets(&["lp_secret"]);
/// let outcome = answer.outcome(None, Timestamp::from_micros(0));
/// let detail = "status 401: unknown key ***".to_owned();
/// assert_eq!(outcome, Outcome::Denied { key_rejected: true, detail });
/// ```
#[derive(Clone, Copy)]
pub struct ServerAnswer<'a> {
    status: u16,
    body: &'a [u8],
    is_whole: bool,
    secrets: &'a [&'a str],
    words: Option<&'a str>,
}

impl<'a> ServerAnswer<'a> {
    /// Creates a response with its whole body.
    #[must_use]
    pub const fn new(status: u16, body: &'a [u8]) -> Self {
        Self { status, body, is_whole: true, secrets: &[], words: None }
    }

    /// Creates a response of which only the beginning of the body was read, because it is too long or the connection
    /// broke.
    #[must_use]
    pub const fn beginning(status: u16, body: &'a [u8]) -> Self {
        Self { is_whole: false, ..Self::new(status, body) }
    }

    /// Sets texts that are never shown, such as the API key: a server or proxy may echo the request.
    #[must_use]
    pub const fn secrets(self, secrets: &'a [&'a str]) -> Self {
        Self { secrets, ..self }
    }

    /// Sets the text of the body, if the body has a format other than JSON.
    #[must_use]
    pub const fn words(self, words: &'a str) -> Self {
        Self { words: Some(words), ..self }
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The body, or the beginning of it.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Whether the whole body was read.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The text of an error response, if it has a form that LogTide servers or OpenTelemetry collectors use.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let words = self.words.map(str::to_owned).or_else(|| Words::of(self.body).text());
        words.map(|text| clean_text(&text, self.secrets))
    }

    /// The `code` of an error response.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        Words::of(self.body).code().map(|code| clean_text(code, self.secrets))
    }

    /// Whether the body is a web page, such as the error page of a proxy.
    #[must_use]
    pub fn is_web_page(&self) -> bool {
        unexpected::is_web_page(self.body)
    }

    /// Describes a body that could not be decoded. `error` is the cause.
    #[must_use]
    pub fn unexpected_body(&self, error: serde_json::Error) -> UnexpectedBody {
        UnexpectedBody::of(self.body, error, self.secrets)
    }

    /// Interprets the response to `POST /api/v1/ingest` with this `Retry-After` header, at this wall-clock time.
    ///
    /// | answer | outcome |
    /// |---|---|
    /// | 2xx with a receipt, `{"received": 5}` | [`Outcome::Stored`] as it says, whatever follows it |
    /// | 2xx with `"received": 0` and nothing listed as rejected, as after a failed insert | [`Outcome::Refused`] |
    /// | 2xx without a body, or with an empty object, `{}` | [`Outcome::Stored`] |
    /// | any other 2xx: a web page, a compressed or incomplete body | [`Outcome::Unavailable`]; it is not LogTide's |
    /// | 400, 422 | [`Outcome::Refused`] |
    /// | 413 | [`Outcome::TooLarge`] |
    /// | 429 | [`Outcome::Limited`] |
    /// | 408 | [`Outcome::Unavailable`] |
    /// | 5xx | [`Outcome::Failed`] |
    /// | everything else | [`Outcome::Denied`] |
    #[must_use]
    pub fn outcome(&self, retry_after_header: Option<&str>, now: Timestamp) -> Outcome {
        let status = self.status;
        let retry_after = retry_after_header.and_then(|value| retry_after(value, now));
        match status {
            200..300 => self.of_success(),
            400 | 422 => Outcome::Refused { detail: self.detail() },
            413 => Outcome::TooLarge { detail: self.detail() },
            429 => Outcome::Limited { retry_after, detail: self.detail() },
            408 => Outcome::Unavailable { retry_after, detail: self.detail() },
            500.. => Outcome::Failed { retry_after, detail: self.detail() },
            _ => {
                let key_rejected = matches!(status, 401 | 403) && !self.is_web_page();
                Outcome::Denied { key_rejected, detail: self.detail() }
            }
        }
    }

    /// How many entries or spans the response to an OTLP request reports as rejected, as JSON:
    /// `{"partialSuccess":{…}}`.
    ///
    /// Unknown fields are ignored. An object without a partial success rejects nothing, and neither does a negative
    /// count.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not a JSON object or ends before the count.
    pub fn rejected(&self) -> Result<usize, UnexpectedBody> {
        partial_success::rejected(self.body, self.is_whole).map_err(|error| self.unexpected_body(error))
    }

    fn of_success(&self) -> Outcome {
        if self.is_whole && self.body.trim_ascii().is_empty() {
            return Outcome::Stored { received: None, rejected: 0 };
        }
        match Receipt::read(self.body, self.is_whole) {
            Ok(None) => Outcome::Stored { received: None, rejected: 0 },
            Ok(Some(Receipt { received: 0, rejected: 0 })) => {
                Outcome::Refused { detail: format!("the server answered {} but stored nothing", self.status) }
            }
            Ok(Some(Receipt { received, rejected })) => {
                Outcome::Stored { received: Some(received), rejected }
            }
            Err(error) => {
                let body = self.unexpected_body(error);
                let detail = format!(
                    "status {}, but not from a LogTide server: {body}; check the API URL and any proxy",
                    self.status
                );
                Outcome::Unavailable { retry_after: None, detail }
            }
        }
    }

    fn detail(&self) -> String {
        let status = self.status;
        match self.text() {
            Some(text) => format!("status {status}: {text}"),
            None if self.is_web_page() => {
                format!("status {status} with a web page, which may come from a proxy in front of the server")
            }
            None => format!("status {status}"),
        }
    }
}

impl fmt::Debug for ServerAnswer<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServerAnswer")
            .field("status", &self.status)
            .field("body", &self.body.len())
            .field("is_whole", &self.is_whole)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
