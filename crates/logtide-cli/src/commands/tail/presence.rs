//! Whether the server is there.

use std::sync::{Mutex, PoisonError};

use logtide::{QueryError, StreamEvent};

use crate::failure::say;

/// Failures in a row after which the server is called away: a connection that is only cut is made anew at the first attempt.
const FAILURES: u32 = 2;

/// Tells once when the server goes away, and once when it is back.
#[derive(Debug, Default)]
pub(super) struct Presence(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    was_there: bool,
    is_away: bool,
    failures: u32,
}

impl Presence {
    /// Takes into account what happens to the stream.
    pub(super) fn note(&self, event: StreamEvent<'_>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            StreamEvent::Connected => state.is_there(),
            StreamEvent::Disconnected { cause, .. } => {
                state.failures = state.failures.saturating_add(1);
                if state.was_there && state.failures >= FAILURES {
                    state.is_away(cause);
                }
            }
            _ => {}
        }
    }

    /// Entries cannot be read.
    pub(super) fn is_away(&self, cause: &QueryError) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_away(cause);
    }

    /// An entry was read.
    pub(super) fn is_read(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // While there is no connection, what was read before is still handed out.
        if state.failures == 0 {
            state.is_there();
        }
    }

    /// Whether there was a connection.
    pub(super) fn was_there(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).was_there
    }
}

impl State {
    fn is_there(&mut self) {
        (self.was_there, self.failures) = (true, 0);
        if std::mem::take(&mut self.is_away) {
            say("the server is reachable again");
        }
    }

    fn is_away(&mut self, cause: &QueryError) {
        if !std::mem::replace(&mut self.is_away, true) {
            say(format_args!("cannot reach the server, retrying: {cause}"));
        }
    }
}
