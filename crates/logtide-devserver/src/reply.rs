//! Responses in the server's formats.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use crate::otlp::Signal;

/// A response with a JSON body.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let (status, body) = match serde_json::to_vec(body) {
        Ok(body) => (status, body),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, Vec::new()),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// 200 with a body.
pub(crate) fn ok(body: &impl Serialize) -> Response {
    json(StatusCode::OK, body)
}

/// The body of an error; its fields are always in this order.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status_code: Option<u16>,
    pub(crate) error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) details: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<&'a str>,
}

/// The response to an invalid batch, which does not say why.
pub(crate) fn invalid() -> Response {
    let details = Some(Value::Object(serde_json::Map::new()));
    json(StatusCode::BAD_REQUEST, &Failure { error: "Validation error", details, ..Failure::default() })
}

/// 400 for a body that is not JSON; closes the connection.
pub(crate) fn invalid_json(reason: &str) -> Response {
    let error = format!("Invalid JSON: {reason}");
    closing(json(StatusCode::BAD_REQUEST, &Failure { error: &error, ..Failure::default() }))
}

/// 400 for a body that is not text, such as a compressed one; closes the connection.
pub(crate) fn broken_body() -> Response {
    let error = "Request body size did not match Content-Length";
    closing(json(StatusCode::BAD_REQUEST, &Failure { error, ..Failure::default() }))
}

/// 413; closes the connection.
pub(crate) fn too_large() -> Response {
    closing(coded(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large", "FST_ERR_CTP_BODY_TOO_LARGE"))
}

/// 415.
pub(crate) fn unsupported_type() -> Response {
    coded(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type", "FST_ERR_CTP_INVALID_MEDIA_TYPE")
}

/// 401 of the ingest routes.
pub(crate) fn unauthorized_ingest() -> Response {
    json(StatusCode::UNAUTHORIZED, &Failure { error: "Unauthorized", ..Failure::default() })
}

/// 401 of the other routes.
pub(crate) fn unauthorized(message: &str) -> Response {
    let message = Some(message);
    json(StatusCode::UNAUTHORIZED, &Failure { error: "Unauthorized", message, ..Failure::default() })
}

/// 403 for a write key that reads.
pub(crate) fn write_only() -> Response {
    let message = Some("This API key has write-only access. Use a full-access key to query logs.");
    json(StatusCode::FORBIDDEN, &Failure { error: "Forbidden", message, ..Failure::default() })
}

/// 403 for the id of another project.
pub(crate) fn other_project() -> Response {
    json(StatusCode::FORBIDDEN, &Failure { error: "forbidden", ..Failure::default() })
}

/// 404 of a route that has nothing to return.
pub(crate) fn nothing(error: &str) -> Response {
    json(StatusCode::NOT_FOUND, &Failure { error, ..Failure::default() })
}

/// 404 of the router.
pub(crate) fn no_route(request: &Request) -> Response {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct NoRoute {
        message: String,
        error: &'static str,
        status_code: u16,
    }
    let target = request.uri().path_and_query().map_or("", PathAndQuery::as_str);
    let message = format!("Route {}:{target} not found", request.method());
    json(StatusCode::NOT_FOUND, &NoRoute { message, error: "Not Found", status_code: 404 })
}

/// 429 of the rate limiter, without its `x-ratelimit-*` headers. Over OTLP its body is empty.
pub(crate) fn rate_limited(signal: Option<Signal>, seconds: u64) -> Response {
    let mut response = if signal.is_some() {
        nothing_said(StatusCode::TOO_MANY_REQUESTS)
    } else {
        let error = format!("Rate limit exceeded, retry in {seconds} seconds");
        let body = Failure { status_code: Some(429), error: &error, ..Failure::default() };
        json(StatusCode::TOO_MANY_REQUESTS, &body)
    };
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}

/// 429 of a used-up quota.
pub(crate) fn quota_exceeded(signal: Option<Signal>) -> Response {
    let error = "Usage quota exceeded for 'ingestion.max_events_monthly'";
    match signal {
        Some(signal) => otlp(StatusCode::TOO_MANY_REQUESTS, signal, -1, error),
        None => {
            coded(StatusCode::TOO_MANY_REQUESTS, error, "capability.ingestion.max_events_monthly.exceeded")
        }
    }
}

/// The response of an OTLP route; `rejected` is -1 if the whole request is rejected.
pub(crate) fn otlp(status: StatusCode, signal: Signal, rejected: i64, error: &str) -> Response {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer<'a> {
        partial_success: PartialSuccess<'a>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct PartialSuccess<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        rejected_log_records: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        rejected_spans: Option<i64>,
        error_message: &'a str,
    }
    let partial_success = PartialSuccess {
        rejected_log_records: (signal == Signal::Logs).then_some(rejected),
        rejected_spans: (signal == Signal::Traces).then_some(rejected),
        error_message: error,
    };
    json(status, &Answer { partial_success })
}

/// 400 for an OTLP body that is not JSON; closes the connection.
pub(crate) fn invalid_otlp_json() -> Response {
    closing(nothing_said(StatusCode::BAD_REQUEST))
}

/// A status with an empty object.
fn nothing_said(status: StatusCode) -> Response {
    json(status, &serde_json::Map::new())
}

/// 204.
pub(crate) fn no_content() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// 500.
pub(crate) fn failed() -> Response {
    status(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A status with its own name as the error.
pub(crate) fn status(status: StatusCode) -> Response {
    let error = status.canonical_reason().unwrap_or("Unknown");
    json(status, &Failure { status_code: Some(status.as_u16()), error, ..Failure::default() })
}

fn coded(status: StatusCode, error: &str, code: &str) -> Response {
    let status_code = Some(status.as_u16());
    json(status, &Failure { status_code, error, code: Some(code), ..Failure::default() })
}

fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
