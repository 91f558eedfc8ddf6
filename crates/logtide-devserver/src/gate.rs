//! What every request passes before its route: faults, the key and the rate limit. Also adds the common headers.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State as Extract};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, CONNECTION, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::auth::{Denied, KeyKind};
use crate::body;
use crate::chaos::{self, Unanswered};
use crate::ledger::{IngestRoute, Seen};
use crate::listener::Connection;
use crate::page;
use crate::parameters::Parameters;
use crate::reply;
use crate::routes::HEARTBEAT;
use crate::state::{PROJECT, Shared};

/// Headers of every response.
const COMMON: [(&str, &str); 8] = [
    ("vary", "Origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=15552000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-dns-prefetch-control", "off"),
    ("x-frame-options", "SAMEORIGIN"),
];

/// The middleware around all routes.
pub(crate) async fn pass(Extract(state): Extract<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/_dev/") || page::owns(path) {
        return next.run(request).await;
    }
    let origin = request.headers().get(ORIGIN).cloned();
    let response = if request.method() == Method::OPTIONS {
        preflight(request.headers())
    } else if path.starts_with("/api/v1/") || path.starts_with("/v1/otlp/") {
        uncancelled(state, request, next).await
    } else {
        admit(&state, request, next).await
    };
    with_headers(response, origin)
}

/// Handles a request to the API to its end, even if the client has disconnected, as the real server does.
async fn uncancelled(state: Shared, request: Request, next: Next) -> Response {
    match tokio::spawn(recorded(state, request, next)).await {
        Ok(Ok(response)) => response,
        Ok(Err(unanswered)) => match unanswered.end().await {},
        Err(_) => reply::failed(),
    }
}

/// Handles a request to the API and records it.
async fn recorded(state: Shared, request: Request, next: Next) -> Result<Response, Unanswered> {
    let sends = request.method() == Method::POST;
    let route = IngestRoute::at(request.uri().path()).filter(|_| sends);
    let body_bytes = body::announced(request.headers()).unwrap_or(0);
    let connection = request.extensions().get::<Connection>().cloned();
    let admit = |request| admit(&state, request, next);
    let outcome = match connection {
        Some(connection) if !state.faults.is_empty() => {
            chaos::apply(&state, &connection, route, request, admit).await
        }
        _ => Ok(admit(request).await),
    };
    let (status, seen) = match &outcome {
        Ok(response) => {
            let seen = response.extensions().get().copied();
            (Some(response.status().as_u16()), seen.unwrap_or(Seen { entries: 0, body_bytes }))
        }
        Err(unanswered) => (None, unanswered.seen),
    };
    state.ledger.record(status, route.map(|route| (route, seen)));
    outcome
}

/// Checks the key and the rate limit, then runs the route.
async fn admit(state: &Shared, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == "/health" {
        return next.run(request).await;
    }
    let ingest = IngestRoute::at(path);
    let parameters = Parameters::parse(request.uri().query());
    let (key, kind) = match state.keys.find(request.headers(), parameters.has("token")) {
        Ok(found) => found,
        Err(denied) => return early(request, unauthorized(denied, ingest.is_some())),
    };
    let Some(route) = request.extensions().get::<MatchedPath>() else {
        let refusal = reply::no_route(&request);
        return early(request, refusal);
    };
    if kind != KeyKind::Full && ingest.is_none() && route.as_str() != HEARTBEAT {
        return early(request, reply::write_only());
    }
    if parameters.first("projectId").is_some_and(|project| project != PROJECT.to_string()) {
        return early(request, reply::other_project());
    }
    if route.as_str().ends_with("/stream") {
        return next.run(request).await;
    }
    let limiter = if route.as_str() == HEARTBEAT { &state.heartbeat_limiter } else { &state.limiter };
    let usage = limiter.take(key, route.as_str(), Instant::now());
    let mut response = if usage.allowed {
        next.run(request).await
    } else {
        early(request, reply::rate_limited(ingest.and_then(IngestRoute::signal), usage.reset))
    };
    usage.write(response.headers_mut());
    response
}

/// Responds before the body was read, and still reads it to its end.
fn early(request: Request, response: Response) -> Response {
    body::discard(request.into_body());
    response
}

fn unauthorized(denied: Denied, ingest: bool) -> Response {
    match denied {
        _ if ingest => reply::unauthorized_ingest(),
        Denied::Key => reply::unauthorized("Invalid API key"),
        Denied::Session => reply::unauthorized("Invalid or expired session token"),
    }
}

fn with_headers(mut response: Response, origin: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    for (name, value) in COMMON {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    if let Some(origin) = origin {
        headers.entry(ACCESS_CONTROL_ALLOW_ORIGIN).or_insert(origin);
    }
    if !headers.contains_key(CONNECTION) {
        headers.insert(CONNECTION, HeaderValue::from_static("keep-alive"));
        headers.insert(HeaderName::from_static("keep-alive"), HeaderValue::from_static("timeout=72"));
    }
    response
}

fn preflight(headers: &HeaderMap) -> Response {
    let mut response = reply::no_content();
    let answer = response.headers_mut();
    let methods = HeaderValue::from_static("GET,HEAD,PUT,PATCH,POST,DELETE");
    answer.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    if let Some(asked) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    answer.insert(VARY, HeaderValue::from_static("Origin"));
    response
}
