//! The running server.

mod builder;

use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use crate::chaos::{Chaos, Fault};
use crate::error::StartError;
use crate::ledger::Requests;
use crate::state::Shared;
use crate::store::{StoredEntry, StoredSpan};

pub use builder::DevServerBuilder;

/// A LogTide server inside this process, which stops when it is dropped.
///
/// It runs on its own thread, with or without an async runtime. Its methods may block for the duration of a query.
pub struct DevServer {
    state: Shared,
    address: SocketAddr,
    url: String,
    api_key: String,
    write_key: String,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl DevServer {
    /// Starts a server in memory on a free port of 127.0.0.1. Its rate limit is too high to be reached.
    ///
    /// # Errors
    ///
    /// Fails if no port, database or thread is available.
    pub fn start() -> Result<Self, StartError> {
        Self::builder().start()
    }

    /// Creates a builder with the defaults of [`DevServer::start`].
    pub fn builder() -> DevServerBuilder {
        DevServerBuilder::new()
    }

    /// Returns the base URL, such as `http://127.0.0.1:40123`, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns a key that may send and read.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// Returns a key that may only send.
    pub fn write_key(&self) -> &str {
        &self.write_key
    }

    /// Prepares a fault. It becomes active when you set how often it applies.
    ///
    /// ```
    /// use logtide_devserver::{DevServer, Fault};
    ///
    /// let server = DevServer::start()?;
    /// server.chaos(Fault::Status(503)).next(5);
    /// # Ok::<(), logtide_devserver::StartError>(())
    /// ```
    pub fn chaos(&self, fault: Fault) -> Chaos<'_> {
        Chaos::new(&self.state.faults, fault)
    }

    /// Removes all faults and closes the connections of requests that hang.
    pub fn clear_chaos(&self) {
        self.state.faults.clear();
    }

    /// Sets whether the stream loses entries like the real server's. Default true.
    ///
    /// The real stream polls once a second for the newest 100 entries that are not older than the newest one it has
    /// sent. Without loss, it sends every entry once, immediately and in the order of arrival.
    pub fn stream_loss(&self, loss: bool) {
        self.state.stream_loss.store(loss, Ordering::Relaxed);
    }

    /// Removes all entries, spans, heartbeats, requests and faults, and resets rate limits. Monitors stay.
    pub fn reset(&self) {
        // Fails only if the database file is damaged, and then the next request reports it.
        let _failed = self.state.reset();
    }

    /// Returns all stored entries in the order of arrival. Empty if the database cannot be read.
    pub fn stored(&self) -> Vec<StoredEntry> {
        self.state.store.all().unwrap_or_default()
    }

    /// Returns the number of stored entries.
    pub fn stored_count(&self) -> u64 {
        self.state.store.stored().get()
    }

    /// Blocks the thread until at least `count` entries are stored. Returns false if `timeout` passes first.
    pub fn wait_for_stored(&self, count: u64, timeout: Duration) -> bool {
        self.state.store.stored().wait(count, timeout)
    }

    /// Waits like [`wait_for_stored`](Self::wait_for_stored) without blocking the task, on any async runtime.
    ///
    /// Another thread waits in its place, until the entries are stored or `timeout` has passed.
    ///
    /// ```
    /// use logtide_devserver::DevServer;
    /// use std::time::Duration;
    ///
    /// # async fn example() -> Result<(), logtide_devserver::StartError> {
    /// let server = DevServer::start()?;
    /// // … something logs to `server.url()` …
    /// assert!(server.when_stored(1, Duration::from_secs(10)).await);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn when_stored(&self, count: u64, timeout: Duration) -> bool {
        let (sender, stored) = oneshot::channel();
        let state = self.state.clone();
        let waiting = thread::Builder::new().name("logtide-devserver-wait".into()).spawn(move || {
            // The receiver is dropped only if the caller no longer waits.
            let _ = sender.send(state.store.stored().wait(count, timeout));
        });
        waiting.is_ok() && stored.await.unwrap_or(false)
    }

    /// Returns all stored spans in the order of arrival. Empty if the database cannot be read.
    pub fn stored_spans(&self) -> Vec<StoredSpan> {
        self.state.store.all_spans().unwrap_or_default()
    }

    /// Returns the number of stored spans. A span that was sent twice is stored once.
    pub fn stored_span_count(&self) -> u64 {
        self.state.store.stored_spans().get()
    }

    /// Blocks the thread until at least `count` spans are stored. Returns false if `timeout` passes first.
    pub fn wait_for_stored_spans(&self, count: u64, timeout: Duration) -> bool {
        self.state.store.stored_spans().wait(count, timeout)
    }

    /// Adds a monitor, as [`DevServerBuilder::monitor`] does.
    pub fn add_monitor(&self, id: impl Into<String>) {
        self.state.monitors.add(id.into());
    }

    /// Returns the number of heartbeats of a monitor. 0 if there is no such monitor.
    pub fn heartbeats(&self, monitor: &str) -> u64 {
        self.state.monitors.heartbeats(monitor)
    }

    /// Returns the requests to `/api/v1/` and `/v1/otlp/`.
    pub fn requests(&self) -> Requests {
        self.state.ledger.snapshot()
    }

    /// Blocks the thread until there were at least `count` requests to `/api/v1/` or `/v1/otlp/`. Returns false if
    /// `timeout` passes first.
    ///
    /// A request counts when its response is sent, or when a fault has left it without one.
    pub fn wait_for_requests(&self, count: u64, timeout: Duration) -> bool {
        self.state.ledger.total().wait(count, timeout)
    }

    /// Stops the server, as dropping it does. The port closes at once, and open requests get a quarter of a second.
    pub fn shutdown(self) {}
}

impl Drop for DevServer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // The thread itself does not panic, and a panic of a dependency must not cause a second one here.
            let _panicked = thread.join();
        }
    }
}

impl fmt::Debug for DevServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DevServer").field("url", &self.url).finish_non_exhaustive()
    }
}
