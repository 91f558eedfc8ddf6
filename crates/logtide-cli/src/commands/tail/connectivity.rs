//! Whether the server is reachable.

use std::sync::{Mutex, PoisonError};

use logtide::{QueryError, StreamEvent};

use crate::failure::say;

/// The consecutive failures that count as an outage. A connection that was only cut is restored at the first attempt.
const FAILURES: u32 = 2;

/// Reports once that the server is unreachable, and once that it is reachable again.
#[derive(Debug, Default)]
pub(super) struct Connectivity(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    was_connected: bool,
    is_outage: bool,
    failures: u32,
}

impl Connectivity {
    /// Records an event of the stream.
    pub(super) fn record(&self, event: StreamEvent<'_>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            StreamEvent::Connected => state.connected(),
            StreamEvent::Disconnected { cause, .. } => {
                state.failures = state.failures.saturating_add(1);
                if state.was_connected && state.failures >= FAILURES {
                    state.failed(cause);
                }
            }
            _ => {}
        }
    }

    /// Records that entries cannot be read.
    pub(super) fn failed(&self, cause: &QueryError) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failed(cause);
    }

    /// Records that an entry was read.
    pub(super) fn entry_read(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Without a connection, entries that were read before are still passed on.
        if state.failures == 0 {
            state.connected();
        }
    }

    /// Whether there has been a connection.
    pub(super) fn was_connected(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).was_connected
    }
}

impl State {
    fn connected(&mut self) {
        (self.was_connected, self.failures) = (true, 0);
        if std::mem::take(&mut self.is_outage) {
            say("the server is reachable again");
        }
    }

    fn failed(&mut self, cause: &QueryError) {
        if !std::mem::replace(&mut self.is_outage, true) {
            say(format_args!("cannot reach the server, retrying: {cause}"));
        }
    }
}
