//! The running server as a value.

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
/// It runs on a thread of its own and works with or without an async runtime around it. Its methods may block
/// for the time of a query.
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
    /// Starts a server in memory on a free port of 127.0.0.1, with a rate limit that is never reached.
    ///
    /// # Errors
    ///
    /// Fails if no port, database or thread is to be had.
    pub fn start() -> Result<Self, StartError> {
        Self::builder().start()
    }

    /// Starts with the choices that [`DevServer::start`] makes, to change some of them.
    pub fn builder() -> DevServerBuilder {
        DevServerBuilder::new()
    }

    /// The base URL, such as `http://127.0.0.1:40123`, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A key that may send and read.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// A key that may only send.
    pub fn write_key(&self) -> &str {
        &self.write_key
    }

    /// Prepares a fault; say how often it happens to set it.
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

    /// Chooses whether the stream loses entries as the real server's does, which is the default.
    ///
    /// The real stream asks once a second for the newest 100 entries that are not older than the newest one it
    /// has sent. Without loss it sends every entry once, in the order of arrival and at once.
    pub fn stream_loss(&self, loss: bool) {
        self.state.stream_loss.store(loss, Ordering::Relaxed);
    }

    /// Forgets entries, spans, heartbeats, requests, faults and used-up rate limits; monitors stay.
    pub fn reset(&self) {
        // Only a broken database file fails, and then the next request tells.
        let _failed = self.state.reset();
    }

    /// Every stored entry in the order of arrival; empty if the database cannot be read.
    pub fn stored(&self) -> Vec<StoredEntry> {
        self.state.store.all().unwrap_or_default()
    }

    /// Number of stored entries.
    pub fn stored_count(&self) -> u64 {
        self.state.store.stored().get()
    }

    /// Blocks the thread until at least `count` entries are stored; false if `timeout` passed before.
    pub fn wait_for_stored(&self, count: u64, timeout: Duration) -> bool {
        self.state.store.stored().wait(count, timeout)
    }

    /// As [`wait_for_stored`](Self::wait_for_stored), for code that awaits, on any async runtime: the tasks beside it go on.
    ///
    /// A thread waits in its place, until then or until `timeout` has passed.
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
            // The receiver is only gone when the caller no longer waits.
            let _ = sender.send(state.store.stored().wait(count, timeout));
        });
        waiting.is_ok() && stored.await.unwrap_or(false)
    }

    /// Every stored span in the order of arrival; empty if the database cannot be read.
    pub fn stored_spans(&self) -> Vec<StoredSpan> {
        self.state.store.all_spans().unwrap_or_default()
    }

    /// Number of stored spans; one that was sent twice is stored once.
    pub fn stored_span_count(&self) -> u64 {
        self.state.store.stored_spans().get()
    }

    /// Blocks the thread until at least `count` spans are stored; false if `timeout` passed before.
    pub fn wait_for_stored_spans(&self, count: u64, timeout: Duration) -> bool {
        self.state.store.stored_spans().wait(count, timeout)
    }

    /// Adds a monitor, as [`DevServerBuilder::monitor`] does.
    pub fn add_monitor(&self, id: impl Into<String>) {
        self.state.monitors.add(id.into());
    }

    /// Number of heartbeats that a monitor got; 0 if there is no such monitor.
    pub fn heartbeats(&self, monitor: &str) -> u64 {
        self.state.monitors.heartbeats(monitor)
    }

    /// The requests to `/api/v1/` and `/v1/otlp/` that came.
    pub fn requests(&self) -> Requests {
        self.state.ledger.snapshot()
    }

    /// Blocks the thread until at least `count` requests to `/api/v1/` or `/v1/otlp/` came; false if `timeout` passed before.
    ///
    /// A request counts once it is answered, or once a fault has left it without an answer.
    pub fn wait_for_requests(&self, count: u64, timeout: Duration) -> bool {
        self.state.ledger.total().wait(count, timeout)
    }

    /// Stops the server, as dropping it does: the port closes at once, and requests under way get a quarter of a
    /// second.
    pub fn shutdown(self) {}
}

impl Drop for DevServer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // The thread has no panic of its own, and one of a dependency must not become a second one here.
            let _panicked = thread.join();
        }
    }
}

impl fmt::Debug for DevServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DevServer").field("url", &self.url).finish_non_exhaustive()
    }
}
