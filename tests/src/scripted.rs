//! An HTTP/1.1 server that misbehaves at the level of bytes.

mod connection;
mod step;

use std::{
    collections::VecDeque,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use serde_json::Value;

pub use self::step::Step;
use crate::{entries, setup::TIMEOUT};

/// A server on a free port of 127.0.0.1 that follows a script, one step for each request.
///
/// After the last step it confirms all entries. It records every request and stops when it is dropped.
#[derive(Debug)]
pub struct ScriptedServer {
    shared: Arc<Shared>,
    address: SocketAddr,
}

/// A received request.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// The headers, with their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The part of the body that was read.
    pub body: Vec<u8>,
    /// The time when it was read.
    pub at: Instant,
    /// The number of its connection, starting from 0.
    pub connection: usize,
}

impl Recorded {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The entries in the body.
    #[must_use]
    pub fn entries(&self) -> Vec<Value> {
        entries::of_body(&self.body)
    }
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Step>,
    requests: Vec<Recorded>,
    connections: Vec<TcpStream>,
    stopped: bool,
}

impl ScriptedServer {
    /// Starts a server with a script.
    ///
    /// # Panics
    ///
    /// If no port is free.
    #[must_use]
    pub fn start(script: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared::default());
        shared.lock().script = script.into_iter().collect();
        let server = Self { shared: shared.clone(), address };
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let Ok(stream) = stream else { break };
                let mut state = shared.lock();
                if state.stopped {
                    break;
                }
                state.connections.extend(stream.try_clone());
                drop(state);
                let shared = shared.clone();
                thread::spawn(move || connection::serve(&shared, stream, number));
            }
        });
        server
    }

    /// The base address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a step to the end of the script.
    pub fn push(&self, step: Step) {
        self.shared.lock().script.push_back(step);
    }

    /// Returns the requests so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.lock().requests.clone()
    }

    /// Waits for this many requests, and returns all that arrived.
    ///
    /// # Panics
    ///
    /// If they do not arrive in time.
    #[must_use]
    pub fn wait_for_requests(&self, count: usize) -> Vec<Recorded> {
        let (state, timeout) = self
            .shared
            .changed
            .wait_timeout_while(self.shared.lock(), TIMEOUT, |state| state.requests.len() < count)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!timeout.timed_out(), "{} of {count} requests came", state.requests.len());
        state.requests.clone()
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.stopped = true;
        for connection in state.connections.drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.changed.notify_all();
        // Ends the wait for the next connection.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, request: Recorded) {
        self.lock().requests.push(request);
        self.changed.notify_all();
    }

    fn next_step(&self) -> Step {
        self.lock().script.pop_front().unwrap_or(Step::Store)
    }

    fn wait_for_end(&self) {
        let state = self.changed.wait_while(self.lock(), |state| !state.stopped);
        drop(state);
    }
}
