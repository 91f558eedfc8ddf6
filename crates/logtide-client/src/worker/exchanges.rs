//! Batches on the wire.

use std::{
    collections::HashMap,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, SystemTime},
};

use http::{
    HeaderValue, Method,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use logtide_core::{BatchId, Outcome, Transmit};
use logtide_transport::{Answer, Endpoint, ErrorKind, Transport, TransportError, fetch};
use tokio::task::{Id, JoinSet};

/// Bytes of an answer that are read. The server's are below 200.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Batches that are under way.
#[derive(Debug)]
pub(crate) struct Exchanges {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    timeout: Duration,
    tasks: JoinSet<Outcome>,
    batches: HashMap<Id, BatchId>,
}

impl Exchanges {
    pub(crate) fn new(endpoint: Endpoint, transport: Arc<dyn Transport>, timeout: Duration) -> Self {
        Self { endpoint, transport, timeout, tasks: JoinSet::new(), batches: HashMap::new() }
    }

    /// Sends a batch, as a task of its own: the transport may be the application's code, and a panic in it stays there.
    pub(crate) fn send(&mut self, transmit: Transmit) {
        let request = self.endpoint.request(Method::POST, "/api/v1/ingest").map(|mut request| {
            request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            request.body = transmit.body;
            request.timeout = Some(self.timeout);
            request
        });
        let transport = self.transport.clone();
        let task = self.tasks.spawn(async move {
            let answer = async { fetch(&*transport, request?, MAX_ANSWER_BYTES).await }.await;
            answer.map_or_else(|error| of_error(&error), |answer| of_answer(&answer))
        });
        self.batches.insert(task.id(), transmit.id);
    }

    /// Waits for the next outcome; pending for ever while nothing is under way.
    pub(crate) fn poll_outcome(&mut self, context: &mut Context<'_>) -> Poll<(BatchId, Outcome)> {
        while let Some(joined) = ready!(self.tasks.poll_join_next_with_id(context)) {
            let (task, outcome) = joined.unwrap_or_else(|error| {
                let detail = "the transport panicked".to_owned();
                (error.id(), Outcome::Unavailable { retry_after: None, detail })
            });
            if let Some(batch) = self.batches.remove(&task) {
                return Poll::Ready((batch, outcome));
            }
        }
        Poll::Pending
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
