//! One scripted reply.

use crate::{Body, ErrorKind, Exchange, Response, TransportError};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::time::Duration;

/// How a [`MemoryTransport`](crate::MemoryTransport) answers one request.
#[derive(Debug)]
pub struct Reply {
    outcome: Outcome,
    delay: Option<Duration>,
}

#[derive(Debug)]
enum Outcome {
    Answer(Response),
    Fail(TransportError),
    Hang,
}

impl Reply {
    /// Answers with a status.
    ///
    /// # Panics
    ///
    /// If `status` is not from 100 to 999.
    #[must_use]
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).expect("a scripted status is from 100 to 999");
        let response = Response { status, headers: HeaderMap::new(), body: Body::empty() };
        Self { outcome: Outcome::Answer(response), delay: None }
    }

    /// Answers `200 OK` with a JSON text.
    #[must_use]
    pub fn json(text: impl Into<Bytes>) -> Self {
        Self::status(200).header("content-type", "application/json").body(text.into())
    }

    /// Fails without a response.
    #[must_use]
    pub fn fail(kind: ErrorKind) -> Self {
        let error = TransportError::new(kind, "scripted failure");
        Self { outcome: Outcome::Fail(error), delay: None }
    }

    /// Never answers.
    #[must_use]
    pub fn hang() -> Self {
        Self { outcome: Outcome::Hang, delay: None }
    }

    /// Adds a header to the response. Has no effect on a failure.
    ///
    /// # Panics
    ///
    /// If `name` or `value` is not valid in a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Outcome::Answer(response) = &mut self.outcome {
            let name: HeaderName = name.parse().expect("a scripted header has a valid name");
            let value = HeaderValue::from_str(value).expect("a scripted header has a valid value");
            response.headers.append(name, value);
        }
        self
    }

    /// Sets the body of the response. Has no effect on a failure.
    #[must_use]
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        if let Outcome::Answer(response) = &mut self.outcome {
            response.body = body.into();
        }
        self
    }

    /// Waits before the response or failure, in the time of the tokio runtime that polls the exchange.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    pub(super) fn into_exchange(self) -> Exchange {
        Box::pin(async move {
            if let Some(delay) = self.delay {
                tokio::time::sleep(delay).await;
            }
            match self.outcome {
                Outcome::Answer(response) => Ok(response),
                Outcome::Fail(error) => Err(error),
                Outcome::Hang => std::future::pending().await,
            }
        })
    }
}
