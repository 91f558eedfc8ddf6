//! Query errors.

use std::time::Duration;

use http::StatusCode;
use logtide_core::Timestamp;
use logtide_transport::{Answer, DriverError, ErrorKind, TransportError};

use crate::answer;

/// Why a query failed. Each message says what to do, and none contains the API key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// A number is outside of the range that the server accepts.
    #[error("`{name}` is {given}: use a number from 1 to {max}")]
    OutOfRange {
        /// The option.
        name: &'static str,
        /// Its value.
        given: u32,
        /// The largest value that the server accepts.
        max: u32,
    },
    /// The time range ends before it begins.
    #[error("the time range starts at {from} but ends earlier, at {to}: swap them")]
    TimeRange {
        /// The earliest time.
        from: Timestamp,
        /// The latest time.
        to: Timestamp,
    },
    /// The shortest duration is longer than the longest.
    #[error("the shortest duration is {min:?} but the longest is only {max:?}: swap them")]
    DurationRange {
        /// The shortest duration.
        min: Duration,
        /// The longest duration.
        max: Duration,
    },
    /// The name of a service cannot be sent in a list with commas, whose names the server trims.
    #[error(
        "cannot filter by the service `{0}`, because it is empty, contains a comma, or starts or ends with white space: omit it and filter the results"
    )]
    ServiceName(String),
    /// There are more metadata filters than the server accepts.
    #[error("there are {0} metadata filters: use at most 10, and filter the results further")]
    TooManyFilters(usize),
    /// A metadata filter has no values to compare with.
    #[error("the filter on metadata `{0}` has no values: add at least one")]
    EmptyFilter(String),
    /// The trace id is empty.
    #[error("the trace id is empty: pass the id to look for")]
    EmptyTraceId,
    /// The trace id has another meaning for the server or a proxy, such as `..` or the name of another call.
    #[error("`{0}` is not a usable trace id, because it has another meaning in a URL: check the id")]
    InvalidTraceId(String),
    /// The id of a monitor is empty, or has another meaning for a proxy.
    #[error("`{0}` is not the id of a monitor: copy the UUID from the monitor's page")]
    InvalidMonitorId(String),
    /// The id of an entry is not a UUID.
    #[error("`{0}` is not the id of an entry: use the `id` of a record, which is a UUID")]
    InvalidId(String),
    /// Status 400: a parameter is not valid.
    #[error("the server rejects the query: {message}")]
    BadRequest {
        /// The server's message.
        message: String,
    },
    /// Status 401: the key is wrong or revoked.
    #[error("the server does not accept the API key: check it in the project's settings ({message})")]
    Unauthorized {
        /// The server's message.
        message: String,
    },
    /// Status 403: the key may not read, which is the default for keys for sending.
    #[error("the API key lacks the permission: to read, use a key with full access ({message})")]
    Forbidden {
        /// The server's message.
        message: String,
    },
    /// Status 404: the resource does not exist, or there is no LogTide server at this address.
    #[error("not found: check the API URL and the version of the server ({message})")]
    NotFound {
        /// The server's message.
        message: String,
    },
    /// The server has no such endpoint: it is older than the call, or the address has a wrong base path.
    #[error(
        "the server has no such endpoint: update the server, or check the path of the API URL ({message})"
    )]
    UnknownEndpoint {
        /// The server's message.
        message: String,
    },
    /// Status 429: the rate limit is reached, and the timeout is too short to wait.
    #[error("too many requests: {}", wait(*retry_after))]
    TooManyRequests {
        /// The server's message.
        message: String,
        /// How long the server asks to wait, if it does, at most 5 minutes.
        retry_after: Option<Duration>,
    },
    /// Status 429: a quota of the project is used up, until it is raised or resets.
    #[error("a quota is used up: raise it, or wait until it resets ({message})")]
    QuotaExceeded {
        /// The server's message.
        message: String,
        /// The server's error code, which names the quota.
        code: String,
    },
    /// A redirect to another server, to which the key must not be sent.
    #[error("the server redirects to another address ({status}): set the API URL to {location}")]
    Redirected {
        /// The status.
        status: StatusCode,
        /// The target.
        location: String,
    },
    /// Status 500 to a heartbeat: the server does not find the monitor, or cannot store the heartbeat.
    ///
    /// The server gives the same response if no heartbeat monitor has this id, if the monitor is disabled, or if the
    /// key belongs to another project. It also does so while its database is unavailable, so a retry may succeed and
    /// [`is_retryable`](Self::is_retryable) is true.
    #[error(
        "the server answered 500 to the heartbeat: check that `{monitor_id}` is the id of an enabled heartbeat monitor in the project of the API key; if it is, check the server's own logs ({message})"
    )]
    HeartbeatFailed {
        /// The id of the monitor.
        monitor_id: String,
        /// The server's message.
        message: String,
    },
    /// Any other status.
    #[error("the server answered {}: {message}", status.as_u16())]
    Status {
        /// The status.
        status: StatusCode,
        /// The server's message.
        message: String,
    },
    /// The body is not from a LogTide server: a web page, a compressed body, or JSON without a matching content type.
    #[error(
        "the response does not come from a LogTide server (content type {content_type}): {source}; check the API URL and any proxy"
    )]
    Unreadable {
        /// The content type of the answer.
        content_type: String,
        /// Why the body could not be decoded.
        source: serde_json::Error,
    },
    /// The body is JSON, but not that of a LogTide server.
    #[error(
        "cannot decode the response ({0}): check that the API URL is that of a LogTide server of version 0.5 or later"
    )]
    Undecodable(#[source] serde_json::Error),
    /// The server returned the first page again instead of the next.
    #[error(
        "the server returned the same page again: check that no proxy drops the `cursor` parameter or caches responses"
    )]
    CursorIgnored,
    /// The response is longer than 64 MiB.
    #[error("the response is too large: ask for fewer entries, with a smaller limit or a shorter time range")]
    TooLarge(#[source] TransportError),
    /// There was no response.
    #[error(transparent)]
    Transport(TransportError),
    /// The SDK's thread could not run the call.
    #[error(transparent)]
    Driver(#[from] DriverError),
}

impl QueryError {
    /// Interprets an error response. `secrets` are [those of the request](logtide_transport::Request::secrets).
    #[must_use]
    pub fn of_refusal(answer: &Answer, secrets: &[&str]) -> Self {
        answer::refusal(answer, secrets)
    }

    /// The meaning of the error as the response to a heartbeat.
    pub(crate) fn of_heartbeat(self, monitor_id: String) -> Self {
        match self {
            Self::Status { status: StatusCode::INTERNAL_SERVER_ERROR, message } => {
                Self::HeartbeatFailed { monitor_id, message }
            }
            other => other,
        }
    }

    /// How long the server asks to wait before a retry.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether a retry may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_retryable(),
            Self::TooManyRequests { .. } | Self::HeartbeatFailed { .. } => true,
            Self::Status { status, .. } => status.is_server_error() || *status == StatusCode::REQUEST_TIMEOUT,
            _ => false,
        }
    }
}

impl From<TransportError> for QueryError {
    fn from(error: TransportError) -> Self {
        match error.kind() {
            ErrorKind::TooLarge => Self::TooLarge(error),
            _ => Self::Transport(error),
        }
    }
}

fn wait(retry_after: Option<Duration>) -> String {
    match retry_after {
        Some(wait) => format!("try again in {} s", wait.as_secs_f64().ceil()),
        None => "try again later".to_owned(),
    }
}
