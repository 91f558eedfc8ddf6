//! Interprets responses.

pub(crate) mod shallow;

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use http::{StatusCode, header};
use logtide_core::{ServerAnswer, Timestamp, UnexpectedBody, clean_text, retry_after as parse_retry_after};
use logtide_transport::Answer;
use serde::de::{DeserializeOwned, Error};

use crate::QueryError;

/// The prefix of the error code of a quota that is used up, which waiting does not fix.
const QUOTA: &str = "capability.";

/// The server's text if there is no entry with an id.
const NO_SUCH_LOG: &str = "Log not found";

/// The server's text if there is no trace with an id.
const NO_SUCH_TRACE: &str = "Trace not found";

/// Decodes the body of a success, or returns why there is none. `secrets` are those of the request.
pub(crate) fn decode<T: DeserializeOwned>(answer: &Answer, secrets: &[&str]) -> Result<T, QueryError> {
    if !answer.status.is_success() {
        return Err(refusal(answer, secrets));
    }
    shallow::read(&answer.body).map_err(|error| foreign(answer, error, secrets))
}

/// Accepts a success without content, or returns why it is none.
pub(crate) fn expect_nothing(answer: &Answer, secrets: &[&str]) -> Result<(), QueryError> {
    match answer.status {
        StatusCode::NO_CONTENT => Ok(()),
        status if status.is_success() => {
            let error = Error::custom(format_args!("status {} instead of 204", status.as_u16()));
            Err(foreign(answer, error, secrets))
        }
        _ => Err(refusal(answer, secrets)),
    }
}

/// Describes a body that could not be decoded. `error` is the cause.
fn foreign(answer: &Answer, error: serde_json::Error, secrets: &[&str]) -> QueryError {
    let body = server_answer(answer).secrets(secrets).unexpected_body(error);
    let content_type = header_text(answer, header::CONTENT_TYPE, secrets);
    let is_page = matches!(body, UnexpectedBody::WebPage | UnexpectedBody::Compressed);
    match body {
        UnexpectedBody::OtherJson(source) if content_type.contains("json") => QueryError::Undecodable(source),
        body => {
            let source = Error::custom(format_args!("it is {body}"));
            match content_type.contains("json") && !is_page {
                true => QueryError::Undecodable(source),
                false => QueryError::Unreadable { content_type, source },
            }
        }
    }
}

/// Whether the response is a rate limit, which passes soon.
pub(crate) fn is_rate_limit(answer: &Answer) -> bool {
    answer.status == StatusCode::TOO_MANY_REQUESTS && quota(&server_answer(answer)).is_none()
}

/// How long the response asks to wait.
pub(crate) fn retry_after(answer: &Answer) -> Option<Duration> {
    let value = answer.headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    parse_retry_after(value, Timestamp::from(SystemTime::now()))
}

/// Data of a response other than its body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    /// The time of the response, by the server's clock.
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

/// Whether an error means that there is no entry with the id, rather than nothing at the address.
pub(crate) fn is_missing_log(error: &QueryError) -> bool {
    matches!(error, QueryError::NotFound { message } if message == NO_SUCH_LOG)
}

/// Whether an error means that there is no trace with the id, rather than nothing at the address.
pub(crate) fn is_missing_trace(error: &QueryError) -> bool {
    matches!(error, QueryError::NotFound { message } if message == NO_SUCH_TRACE)
}

pub(crate) fn refusal(answer: &Answer, secrets: &[&str]) -> QueryError {
    let said = server_answer(answer).secrets(secrets);
    let message = said.text().unwrap_or_else(|| reason(answer));
    match answer.status {
        StatusCode::BAD_REQUEST => QueryError::BadRequest { message },
        StatusCode::UNAUTHORIZED => QueryError::Unauthorized { message },
        StatusCode::FORBIDDEN => QueryError::Forbidden { message },
        StatusCode::NOT_FOUND if message.starts_with("Route ") => QueryError::UnknownEndpoint { message },
        StatusCode::NOT_FOUND => QueryError::NotFound { message },
        StatusCode::TOO_MANY_REQUESTS => match quota(&said) {
            Some(code) => QueryError::QuotaExceeded { message, code },
            None => QueryError::TooManyRequests { message, retry_after: retry_after(answer) },
        },
        status if status.is_redirection() => {
            QueryError::Redirected { status, location: header_text(answer, header::LOCATION, secrets) }
        }
        status => QueryError::Status { status, message },
    }
}

fn server_answer(answer: &Answer) -> ServerAnswer<'_> {
    ServerAnswer::new(answer.status.as_u16(), &answer.body)
}

/// The meaning of the status if the body has no text.
fn reason(answer: &Answer) -> String {
    let reason = answer.status.canonical_reason().unwrap_or("no reason given");
    match server_answer(answer).is_web_page() {
        true => format!("{reason} with a web page, which may come from a proxy in front of the server"),
        false => reason.to_owned(),
    }
}

fn quota(said: &ServerAnswer<'_>) -> Option<String> {
    said.code().filter(|code| code.starts_with(QUOTA))
}

fn header_text(answer: &Answer, name: header::HeaderName, secrets: &[&str]) -> String {
    let text = answer.headers.get(name).and_then(|value| value.to_str().ok());
    clean_text(text.unwrap_or("none"), secrets)
}
