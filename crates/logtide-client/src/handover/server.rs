//! An in-memory server.

use std::{
    future::poll_fn,
    sync::{Arc, PoisonError},
    task::{Poll, Waker},
};

use http::{HeaderMap, StatusCode};
use logtide_transport::{Body, Exchange, Request, Response, Transport};
use serde_json::Value;

use crate::sync::{Condvar, Mutex, MutexGuard};

/// Stores the numbers in the messages of entries while it is available.
#[derive(Clone, Debug, Default)]
pub(super) struct Server(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    stored: Condvar,
}

#[derive(Debug, Default)]
struct State {
    numbers: Vec<u64>,
    is_unavailable: bool,
    waiting: Vec<Waker>,
}

impl Server {
    /// Makes the server unavailable: requests get no response until it is available again.
    pub(super) fn make_unavailable(&self) {
        self.state().is_unavailable = true;
    }

    pub(super) fn make_available(&self) {
        let waiting = {
            let mut state = self.state();
            state.is_unavailable = false;
            std::mem::take(&mut state.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// The stored numbers, in order of arrival.
    pub(super) fn numbers(&self) -> Vec<u64> {
        self.state().numbers.clone()
    }

    /// Waits until this many entries are stored.
    pub(super) fn wait_for(&self, entries: usize) {
        self.wait_until(|numbers| numbers.len() >= entries);
    }

    /// Waits until the stored numbers fulfil a condition.
    pub(super) fn wait_until(&self, is_done: impl Fn(&[u64]) -> bool) {
        let state = self.state();
        let stored = self.0.stored.wait_while(state, |state| !is_done(&state.numbers));
        drop(stored.unwrap_or_else(PoisonError::into_inner));
    }

    fn store(&self, body: &[u8]) -> usize {
        let mut body: Value = serde_json::from_slice(body).expect("JSON");
        let logs = body["logs"].take();
        let entries = logs.as_array().expect("entries");
        let number = |entry: &Value| -> Option<u64> {
            entry["message"].as_str().and_then(|text| text.trim().parse().ok())
        };
        let numbers = entries.iter().map(|entry| number(entry).expect("a number"));
        self.state().numbers.extend(numbers);
        self.0.stored.notify_all();
        entries.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Server {
    fn exchange(&self, request: Request) -> Exchange {
        let server = self.clone();
        Box::pin(async move {
            poll_fn(|context| {
                let mut state = server.state();
                if !state.is_unavailable {
                    return Poll::Ready(());
                }
                state.waiting.push(context.waker().clone());
                Poll::Pending
            })
            .await;
            let received = server.store(&request.body);
            let receipt = format!(r#"{{"received":{received}}}"#);
            let body = Body::from_chunks(std::iter::once(Ok(receipt.into())));
            Ok(Response { status: StatusCode::OK, headers: HeaderMap::new(), body })
        })
    }
}
