//! Requests in flight.

use std::{
    collections::HashMap,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, SystemTime},
};

use http::{
    HeaderValue, Method,
    header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER},
};
use logtide_core::{BatchId, Outcome, ServerAnswer, Transmit, Wire, clean_text};
use logtide_transport::{
    Beginning, Endpoint, ErrorKind, Request, Transport, TransportError, fetch_beginning,
};

use crate::sync::{Id, JoinSet};

/// The maximum number of bytes to read from a response. The server's responses are shorter than 200 bytes, with the
/// relevant part first.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The batches in flight.
#[derive(Debug)]
pub(crate) struct Exchanges {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    timeout: Duration,
    tasks: JoinSet<Answer>,
    batches: HashMap<Id, BatchId>,
}

/// The result of a request.
enum Answer {
    Read(Box<(Request, Beginning)>),
    None(Outcome),
}

impl Exchanges {
    pub(crate) fn new(endpoint: Endpoint, transport: Arc<dyn Transport>, timeout: Duration) -> Self {
        Self { endpoint, transport, timeout, tasks: JoinSet::new(), batches: HashMap::new() }
    }

    /// Sends a batch in a separate task, which contains a panic of the transport, since the transport may be the
    /// application's.
    pub(crate) fn send(&mut self, transmit: Transmit) {
        let request = self.endpoint.request(Method::POST, transmit.path).map(|mut request| {
            request.headers.insert(CONTENT_TYPE, HeaderValue::from_static(transmit.content_type));
            if let Some(encoding) = transmit.content_encoding {
                request.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            request.body = transmit.body;
            request.timeout = Some(self.timeout);
            request
        });
        let transport = self.transport.clone();
        let task = self.tasks.spawn(async move {
            let request = match request {
                Ok(request) => request,
                Err(error) => return Answer::None(of_error(&error, &[])),
            };
            let answer = fetch_beginning(&*transport, request.clone(), MAX_ANSWER_BYTES).await;
            match answer {
                Ok(answer) => Answer::Read(Box::new((request, answer))),
                Err(error) => Answer::None(of_error(&error, &request.secrets(&*transport))),
            }
        });
        self.batches.insert(task.id(), transmit.id);
    }

    /// Waits for the next outcome. Pending forever if nothing is in flight.
    pub(crate) fn poll_outcome(
        &mut self,
        wire: &dyn Wire,
        context: &mut Context<'_>,
    ) -> Poll<(BatchId, Outcome)> {
        while let Some(joined) = ready!(self.tasks.poll_join_next_with_id(context)) {
            let (task, answer) = joined.unwrap_or_else(|error| {
                let detail = "the transport panicked".to_owned();
                (error.id(), Answer::None(Outcome::Unavailable { retry_after: None, detail }))
            });
            let outcome = match answer {
                Answer::Read(read) => of_answer(wire, &read.1, &read.0.secrets(&*self.transport)),
                Answer::None(outcome) => outcome,
            };
            if let Some(batch) = self.batches.remove(&task) {
                return Poll::Ready((batch, outcome));
            }
        }
        Poll::Pending
    }
}

fn of_answer(wire: &dyn Wire, answer: &Beginning, secrets: &[&str]) -> Outcome {
    let header = |name| answer.headers.get(name).and_then(|value| value.to_str().ok());
    let (status, now) = (answer.status.as_u16(), SystemTime::now().into());
    let read = match &answer.cut {
        None => ServerAnswer::new(status, &answer.body),
        Some(_) => ServerAnswer::beginning(status, &answer.body),
    };
    let mut outcome = wire.outcome(read.secrets(secrets), header(RETRY_AFTER), now);
    match (&mut outcome, &answer.cut) {
        // The connection's error is more specific than the one of the truncated body.
        (Outcome::Unavailable { .. }, Some(cut))
            if answer.status.is_success() && cut.kind() != ErrorKind::TooLarge =>
        {
            return of_error(cut, secrets);
        }
        (Outcome::Denied { detail, .. }, _) if answer.status.is_redirection() => {
            if let Some(location) = header(LOCATION) {
                let location = clean_text(location, secrets);
                detail.push_str(&format!(
                    ", a redirect to {location}: set the API URL to the server's own address"
                ));
            }
        }
        _ => {}
    }
    outcome
}

fn of_error(error: &TransportError, secrets: &[&str]) -> Outcome {
    // A transport of the application may quote the request.
    let detail = clean_text(&error.to_string(), secrets);
    match error.kind() {
        ErrorKind::Request => Outcome::Denied { key_rejected: false, detail },
        _ => Outcome::Unavailable { retry_after: None, detail },
    }
}
