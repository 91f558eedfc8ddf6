//! One attempt to connect.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, header};
use logtide_core::clean_text;
use logtide_query::QueryError;
use logtide_transport::{Answer, Body, Request, Response, Transport, TransportError, open};
use tokio::time::timeout;

use crate::error::is_not_from_logtide;

/// The longest error response that is read, in bytes.
const MAX_ERROR_BYTES: usize = 64 << 10;

/// How long reading an error response may take. The status is enough to go on without its body.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why there is no connection.
pub(super) enum ConnectError {
    /// A new attempt would fail in the same way.
    Permanent(QueryError),
    /// The answer is not from a LogTide server. Permanent, unless there was a LogTide server at this address before.
    NotLogTide(QueryError),
    /// A new attempt may succeed.
    Transient(QueryError),
}

/// Asks for the stream. Returns the body of the answer if it is an event stream.
pub(super) async fn connect(transport: Arc<dyn Transport>, request: Request) -> Result<Body, ConnectError> {
    let Response { status, headers, body } = open(&*transport, request.clone()).await?;
    if !status.is_success() {
        let body = timeout(ERROR_BODY_TIMEOUT, body.collect(MAX_ERROR_BYTES)).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default();
        let answer = Answer { status, headers, body };
        return Err(QueryError::of_refusal(&answer, &request.secrets(&*transport)).into());
    }
    let content_type = content_type(&headers);
    match content_type.split(';').next().map(str::trim) {
        Some(kind) if kind.eq_ignore_ascii_case("text/event-stream") => Ok(body),
        _ => {
            let content_type = clean_text(content_type, &request.secrets(&*transport));
            Err(ConnectError::NotLogTide(not_an_event_stream(&content_type)))
        }
    }
}

fn not_an_event_stream(content_type: &str) -> QueryError {
    let source = serde::de::Error::custom("not an event stream");
    QueryError::Unreadable { content_type: content_type.to_owned(), source }
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("none")
}

impl From<TransportError> for ConnectError {
    fn from(error: TransportError) -> Self {
        QueryError::from(error).into()
    }
}

impl From<QueryError> for ConnectError {
    fn from(error: QueryError) -> Self {
        match error {
            error if error.is_retryable() => Self::Transient(error),
            error if is_not_from_logtide(&error) => Self::NotLogTide(error),
            error => Self::Permanent(error),
        }
    }
}
