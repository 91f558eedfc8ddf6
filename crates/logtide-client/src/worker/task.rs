//! One batch on the wire.

use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::FutureExt;
use http::{
    HeaderValue, Method,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use logtide_core::{BatchId, Outcome, Transmit};
use logtide_transport::{Answer, Endpoint, ErrorKind, Transport, TransportError, fetch};

/// Bytes of an answer that are read. The server's are below 200.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// A batch that is under way, and what came of it.
pub(crate) type Exchange = Pin<Box<dyn Future<Output = (BatchId, Outcome)> + Send>>;

/// How a batch is sent.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) endpoint: Endpoint,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) timeout: Duration,
}

impl Task {
    pub(crate) fn send(&self, transmit: Transmit) -> Exchange {
        let request = self.endpoint.request(Method::POST, "/api/v1/ingest").map(|mut request| {
            request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            request.body = transmit.body;
            request.timeout = Some(self.timeout);
            request
        });
        let (transport, batch) = (self.transport.clone(), transmit.id);
        Box::pin(async move {
            let exchange = async { fetch(&*transport, request?, MAX_ANSWER_BYTES).await };
            // A transport is the application's code where it brings its own.
            let outcome = match AssertUnwindSafe(exchange).catch_unwind().await {
                Ok(Ok(answer)) => of_answer(&answer),
                Ok(Err(error)) => of_error(&error),
                Err(_) => {
                    Outcome::Unavailable { retry_after: None, detail: "the transport panicked".to_owned() }
                }
            };
            (batch, outcome)
        })
    }
}

fn of_answer(answer: &Answer) -> Outcome {
    let retry_after = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    Outcome::of_answer(answer.status.as_u16(), retry_after, &answer.body, SystemTime::now().into())
}

fn of_error(error: &TransportError) -> Outcome {
    let detail = error.to_string();
    match error.kind() {
        ErrorKind::Request => Outcome::Denied { detail },
        // An answer that is too long says nothing about the entries.
        _ => Outcome::Unavailable { retry_after: None, detail },
    }
}
