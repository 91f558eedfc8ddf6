//! Applying faults to a request.

use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use super::Fault;
use crate::body;
use crate::json;
use crate::ledger::{IngestRoute, Seen};
use crate::limit::Limiter;
use crate::listener::Connection;
use crate::otlp;
use crate::reply;
use crate::state::State;
use crate::validate;

/// A request that gets no response. Awaiting the value ends the request.
#[derive(Debug)]
pub(crate) struct Unanswered {
    /// What is known of the request, for the record.
    pub(crate) seen: Seen,
    end: End,
    connection: Connection,
}

#[derive(Debug)]
enum End {
    Reset,
    Hang(tokio::sync::watch::Receiver<()>),
}

impl Unanswered {
    /// Resets the connection, at once or when the faults are cleared.
    pub(crate) async fn end(mut self) -> Infallible {
        if let End::Hang(cleared) = &mut self.end {
            // The sender is part of the server's state: an error means that the server stops.
            let _stopping = cleared.changed().await;
        }
        self.connection.reset();
        pending().await
    }
}

/// Handles a request with the faults that apply to it.
pub(crate) async fn apply<F>(
    state: &State,
    connection: &Connection,
    route: Option<IngestRoute>,
    request: Request,
    handle: impl FnOnce(Request) -> F,
) -> Result<Response, Unanswered>
where
    F: Future<Output = Response>,
{
    let cleared = state.faults.cleared();
    let (parts, body) = request.into_parts();
    let bytes = match body::read(body, body::MAX_BODY).await {
        Ok(bytes) => bytes,
        Err(body::ReadError::TooLarge) => return Ok(reply::too_large()),
        Err(body::ReadError::Broken) => return Ok(reply::broken_body()),
    };
    let encounter = state.faults.meet(route, bytes.len());
    if !encounter.delay.is_zero() {
        tokio::time::sleep(encounter.delay).await;
    }
    let unanswered = |seen, end| Unanswered { seen, end, connection: connection.clone() };
    let mut response = match encounter.fault {
        Some(Fault::StoreThenReset) => {
            let response = handle(Request::from_parts(parts, Body::from(bytes))).await;
            let seen = response.extensions().get().copied().unwrap_or_default();
            return Err(unanswered(seen, End::Reset));
        }
        Some(Fault::Reset) => return Err(unanswered(seen(route, &parts.headers, bytes).await, End::Reset)),
        Some(Fault::Hang) => {
            return Err(unanswered(seen(route, &parts.headers, bytes).await, End::Hang(cleared)));
        }
        Some(fault) => match answer(&fault, route, &state.limiter) {
            Some(mut response) => {
                response.extensions_mut().insert(seen(route, &parts.headers, bytes).await);
                response
            }
            None => handle(Request::from_parts(parts, Body::from(bytes))).await,
        },
        None => handle(Request::from_parts(parts, Body::from(bytes))).await,
    };
    if encounter.close_after_answer {
        response = response.map(|body| Body::new(Closing { body, connection: connection.clone() }));
    }
    Ok(response)
}

fn answer(fault: &Fault, route: Option<IngestRoute>, limiter: &Limiter) -> Option<Response> {
    let signal = route.and_then(IngestRoute::signal);
    match fault {
        Fault::Status(status) => {
            let status = StatusCode::from_u16(*status).ok().filter(|status| !status.is_informational());
            Some(reply::status(status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE)))
        }
        Fault::RateLimited { retry_after } => {
            let usage = limiter.unused().exceeded(*retry_after);
            let mut response = reply::rate_limited(signal, usage.reset);
            usage.write(response.headers_mut());
            Some(response)
        }
        Fault::QuotaExceeded => {
            let mut response = reply::quota_exceeded(signal);
            limiter.unused().write(response.headers_mut());
            Some(response)
        }
        Fault::RefuseOver(_) => Some(reply::too_large()),
        _ => None,
    }
}

/// Counts the entries or spans of a body that is not handled further.
async fn seen(route: Option<IngestRoute>, headers: &HeaderMap, bytes: Bytes) -> Seen {
    let body_bytes = bytes.len();
    let signal = route.and_then(IngestRoute::signal);
    let headers = headers.clone();
    let count = tokio::task::spawn_blocking(move || match signal {
        Some(signal) => {
            otlp::decode(signal, &headers, &bytes, |request| otlp::count(signal, request)).unwrap_or(0)
        }
        None => json::parse(&String::from_utf8_lossy(&bytes)).map_or(0, |body| validate::count(&body)),
    });
    Seen { entries: count.await.unwrap_or(0), body_bytes }
}

/// A body that closes the connection as soon as all of it was passed on.
#[derive(Debug)]
struct Closing {
    body: Body,
    connection: Connection,
}

impl hyper::body::Body for Closing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Closing {
    /// The head has been written at this point, so closing does not add `connection: close` to it.
    fn drop(&mut self) {
        self.connection.close_after_answer();
    }
}
