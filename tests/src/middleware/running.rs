//! A server that runs until it is dropped.

use std::{
    fmt,
    net::SocketAddr,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::setup::TIMEOUT;

/// A server on its own thread, which stops when this is dropped. The test fails if it does not stop in time.
pub struct Running {
    address: SocketAddr,
    stop: Option<Box<dyn FnOnce() + Send>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Wraps a server that listens on an address, stops when `stop` is called, and has stopped when the thread ends.
    pub fn new(address: SocketAddr, stop: impl FnOnce() + Send + 'static, thread: JoinHandle<()>) -> Self {
        Self { address, stop: Some(Box::new(stop)), thread: Some(thread) }
    }

    /// Returns its address.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
        let Some(server) = self.thread.take() else { return };
        let deadline = Instant::now() + TIMEOUT;
        while !server.is_finished() && Instant::now() < deadline {
            thread::park_timeout(Duration::from_millis(1));
        }
        if server.is_finished() {
            // A panic of the server fails the test anyway.
            let _ = server.join();
        } else {
            assert!(thread::panicking(), "the server does not stop");
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}
