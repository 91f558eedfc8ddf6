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
use logtide_core::{BatchId, Outcome, ServerAnswer, Transmit, clean_text};
use logtide_transport::{Beginning, Endpoint, ErrorKind, Transport, TransportError, fetch_beginning};
use tokio::task::{Id, JoinSet};

/// Bytes of an answer that are read. The server's are below 200, and begin with what counts.
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
        let (transport, endpoint) = (self.transport.clone(), self.endpoint.clone());
        let task = self.tasks.spawn(async move {
            let answer = async { fetch_beginning(&*transport, request?, MAX_ANSWER_BYTES).await }.await;
            let secrets = [endpoint.api_key().expose()];
            answer.map_or_else(|error| of_error(&error, &secrets), |answer| of_answer(&answer, &secrets))
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

fn of_answer(answer: &Beginning, secrets: &[&str]) -> Outcome {
    let retry_after = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let now = SystemTime::now().into();
    let status = answer.status.as_u16();
    let Some(cut) = &answer.cut else {
        return ServerAnswer::new(status, &answer.body).secrets(secrets).outcome(retry_after, now);
    };
    match ServerAnswer::beginning(status, &answer.body).secrets(secrets).outcome(retry_after, now) {
        // What is known of the connection says more than what is known of the body.
        Outcome::Unavailable { .. } if answer.status.is_success() && cut.kind() != ErrorKind::TooLarge => {
            of_error(cut, secrets)
        }
        outcome => outcome,
    }
}

fn of_error(error: &TransportError, secrets: &[&str]) -> Outcome {
    // A transport of the application's may quote the request.
    let detail = clean_text(&error.to_string(), secrets);
    match error.kind() {
        ErrorKind::Request => Outcome::Denied { detail },
        _ => Outcome::Unavailable { retry_after: None, detail },
    }
}
