//! What an answer means.

use std::time::SystemTime;

use http::{HeaderMap, StatusCode, header};
use logtide_core::{Timestamp, retry_after};
use logtide_transport::{Answer, Request};
use serde::{Deserialize, de::DeserializeOwned};

use crate::QueryError;

/// Servers before version 1.0 put whole SQL statements into their messages.
const MAX_MESSAGE_CHARS: usize = 500;

/// Reads the body of a success, or says why there is none. `request` is what was asked, for its secrets.
pub(crate) fn decode<T: DeserializeOwned>(answer: &Answer, request: &Request) -> Result<T, QueryError> {
    if !answer.status.is_success() {
        return Err(refusal(answer, request));
    }
    serde_json::from_slice(&answer.body).map_err(|source| QueryError::Unreadable {
        content_type: header_text(&answer.headers, header::CONTENT_TYPE),
        source,
    })
}

pub(crate) fn refusal(answer: &Answer, request: &Request) -> QueryError {
    let message = message(answer, request);
    match answer.status {
        StatusCode::BAD_REQUEST => QueryError::BadRequest { message },
        StatusCode::UNAUTHORIZED => QueryError::Unauthorized { message },
        StatusCode::FORBIDDEN => QueryError::Forbidden { message },
        StatusCode::NOT_FOUND => QueryError::NotFound { message },
        StatusCode::TOO_MANY_REQUESTS => {
            let wait = answer.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
            let retry_after = wait.and_then(|wait| retry_after(wait, Timestamp::from(SystemTime::now())));
            QueryError::TooManyRequests { message, retry_after }
        }
        status if status.is_redirection() => {
            QueryError::Redirected { status, location: header_text(&answer.headers, header::LOCATION) }
        }
        status => QueryError::Status { status, message },
    }
}

/// The text is in `message` when there is one, else in `error`; where there is neither, the status has to do.
fn message(answer: &Answer, request: &Request) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        message: Option<String>,
        error: Option<String>,
    }
    let refusal: Option<Refusal> = serde_json::from_slice(&answer.body).ok();
    let message = refusal.and_then(|refusal| refusal.message.or(refusal.error));
    let mut message =
        message.unwrap_or_else(|| answer.status.canonical_reason().unwrap_or("no reason given").to_owned());
    for secret in request.headers.values().filter(|value| value.is_sensitive()) {
        // A proxy may quote the request that it refuses.
        message = message.replace(secret.to_str().unwrap_or("\n"), "***");
    }
    match message.char_indices().nth(MAX_MESSAGE_CHARS) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("none").to_owned()
}
