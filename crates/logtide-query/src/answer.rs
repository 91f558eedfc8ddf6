//! What an answer means.

pub(crate) mod shallow;
mod words;

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode, header};
use logtide_core::{Timestamp, retry_after as parse_retry_after};
use logtide_transport::{Answer, Request};
use serde::de::{DeserializeOwned, Error};

use self::words::Words;
use crate::QueryError;

/// How the code of a used-up quota begins, which no wait mends.
const QUOTA: &str = "capability.";

/// What the server says where there is no entry with an id.
const NO_SUCH_LOG: &str = "Log not found";

/// Reads the body of a success, or says why there is none. `request` is what was asked, for its secrets.
pub(crate) fn decode<T: DeserializeOwned>(answer: &Answer, request: &Request) -> Result<T, QueryError> {
    if !answer.status.is_success() {
        return Err(refusal(answer, request));
    }
    shallow::read(&answer.body).map_err(|source| {
        let source = speakable(source, request);
        let content_type = content_type(&answer.headers);
        if content_type.contains("json") {
            QueryError::Undecodable(source)
        } else {
            QueryError::Unreadable { content_type, source }
        }
    })
}

/// An error that quotes no more of the body than other messages do, and no secret of the request.
fn speakable(error: serde_json::Error, request: &Request) -> serde_json::Error {
    let text = error.to_string();
    let spoken = words::speakable(&text, request);
    if spoken == text { error } else { Error::custom(spoken) }
}

/// Whether the answer is a rate limit, which is over soon.
pub(crate) fn is_rate_limit(answer: &Answer) -> bool {
    answer.status == StatusCode::TOO_MANY_REQUESTS && quota(&Words::of(answer)).is_none()
}

/// How long the answer asks to wait.
pub(crate) fn retry_after(answer: &Answer) -> Option<Duration> {
    let value = answer.headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    parse_retry_after(value, Timestamp::from(SystemTime::now()))
}

/// What is known of an answer beside its body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    /// When the server answered, by its own clock.
    pub(crate) date: Option<DateTime<Utc>>,
    /// The length of the body.
    pub(crate) bytes: usize,
}

impl Receipt {
    pub(crate) fn of(answer: &Answer) -> Self {
        let date = answer.headers.get(header::DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()).map(Into::into);
        Self { date, bytes: answer.body.len() }
    }
}

/// Whether an error says that there is no entry with the id, rather than nothing at the address.
pub(crate) fn is_missing_log(error: &QueryError) -> bool {
    matches!(error, QueryError::NotFound { message } if message == NO_SUCH_LOG)
}

pub(crate) fn refusal(answer: &Answer, request: &Request) -> QueryError {
    let words = Words::of(answer);
    let quota = quota(&words);
    let message = words.text(request);
    match answer.status {
        StatusCode::BAD_REQUEST => QueryError::BadRequest { message },
        StatusCode::UNAUTHORIZED => QueryError::Unauthorized { message },
        StatusCode::FORBIDDEN => QueryError::Forbidden { message },
        StatusCode::NOT_FOUND if message.starts_with("Route ") => QueryError::UnknownEndpoint { message },
        StatusCode::NOT_FOUND => QueryError::NotFound { message },
        StatusCode::TOO_MANY_REQUESTS => match quota {
            Some(code) => QueryError::QuotaExceeded { message, code },
            None => QueryError::TooManyRequests { message, retry_after: retry_after(answer) },
        },
        status if status.is_redirection() => {
            QueryError::Redirected { status, location: header_text(&answer.headers, header::LOCATION) }
        }
        status => QueryError::Status { status, message },
    }
}

fn quota(words: &Words) -> Option<String> {
    words.code().filter(|code| code.starts_with(QUOTA)).map(str::to_owned)
}

fn content_type(headers: &HeaderMap) -> String {
    header_text(headers, header::CONTENT_TYPE)
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("none").to_owned()
}
