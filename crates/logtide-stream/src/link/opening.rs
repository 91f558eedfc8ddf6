//! One attempt to connect.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, header};
use logtide_core::clean_text;
use logtide_query::QueryError;
use logtide_transport::{Answer, Body, Request, Response, Transport, TransportError, open as exchange};
use tokio::time::timeout;

use crate::foreign::is_foreign;

/// The longest refusal that is read.
const MAX_REFUSAL_BYTES: usize = 64 << 10;

/// How long its text may take. The status says enough without.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(5);

/// Why there is no connection.
pub(super) enum Failure {
    /// It would be the same again.
    Final(QueryError),
    /// It does not come from a LogTide server: it would be the same again, unless there was one before.
    Foreign(QueryError),
    /// It may be better later.
    Passing(QueryError),
}

/// Asks for the stream and gives the body of the answer, if that is one.
pub(super) async fn open(transport: Arc<dyn Transport>, request: Request) -> Result<Body, Failure> {
    let Response { status, headers, body } = exchange(&*transport, request.clone()).await?;
    if !status.is_success() {
        let body = timeout(REFUSAL_TIMEOUT, body.collect(MAX_REFUSAL_BYTES)).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default();
        let answer = Answer { status, headers, body };
        return Err(QueryError::of_refusal(&answer, &request.secrets(&*transport)).into());
    }
    let content_type = content_type(&headers);
    match content_type.split(';').next().map(str::trim) {
        Some(kind) if kind.eq_ignore_ascii_case("text/event-stream") => Ok(body),
        _ => Err(Failure::Foreign(not_a_stream(&clean_text(content_type, &request.secrets(&*transport))))),
    }
}

fn not_a_stream(content_type: &str) -> QueryError {
    let source = serde::de::Error::custom("it is no event stream");
    QueryError::Unreadable { content_type: content_type.to_owned(), source }
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("none")
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        QueryError::from(error).into()
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        match error {
            error if error.is_retryable() => Self::Passing(error),
            error if is_foreign(&error) => Self::Foreign(error),
            error => Self::Final(error),
        }
    }
}
