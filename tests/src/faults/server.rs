//! An HTTP server with faults.

mod connection;
mod http;
mod http2;
mod identity;
mod line;
mod meet;
mod port;
mod record;
mod shared;
mod stage;

use std::{
    fmt, io,
    net::SocketAddr,
    sync::Arc,
    thread::{self, JoinHandle},
};

use tokio::runtime;

pub(super) use self::{identity::Identities, record::ServerRecord};
use self::{shared::Shared, stage::Stage};
use super::{Result, Scenario};

/// A server on a free port of 127.0.0.1, which it keeps even while the port is closed. It stops when it is dropped.
pub struct FaultServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    thread: Option<JoinHandle<io::Result<()>>>,
}

/// The protocol of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Protocol {
    /// HTTP/1.1.
    #[default]
    Plain,
    /// HTTP/1.1 over TLS.
    Tls,
    /// HTTP/2 over TLS, or HTTP/1.1 during faults of HTTP/1.1.
    Http2,
}

impl FaultServer {
    /// Starts a server with plain HTTP/1.1. It stays in the first fault of the scenario until [`begin`](Self::begin) starts its
    /// time.
    ///
    /// # Errors
    ///
    /// If there is no port to listen on.
    pub fn start(scenario: Scenario) -> Result<Self> {
        Self::speaking(Protocol::Plain, scenario)
    }

    /// Starts a server with this protocol.
    pub(super) fn speaking(protocol: Protocol, scenario: Scenario) -> Result<Self> {
        let identities = (protocol != Protocol::Plain).then(Identities::get).transpose()?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (stage, shared, address) = runtime.block_on(Stage::new(protocol, identities, scenario))?;
        let thread = thread::spawn(move || runtime.block_on(stage.play()));
        Ok(Self { shared, address, thread: Some(thread) })
    }

    /// The base address.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.shared.protocol == Protocol::Plain { "http" } else { "https" };
        format!("{scheme}://{}", self.address)
    }

    /// Starts the time of the scenario.
    pub fn begin(&self) {
        self.shared.begin.notify_one();
    }

    /// Reads the record of the server.
    pub(super) fn read<T>(&self, look: impl FnOnce(&ServerRecord) -> T) -> T {
        look(&self.shared.record())
    }

    /// Returns the number of the server's current fault.
    pub(super) fn phase(&self) -> usize {
        self.shared.phase.borrow().number
    }

    /// Stops the server and returns its record.
    ///
    /// # Errors
    ///
    /// If it could not open its port again, or panicked.
    pub(super) fn stop(mut self) -> Result<ServerRecord> {
        self.end()?;
        Ok(self.read(ServerRecord::clone))
    }

    fn end(&mut self) -> Result<()> {
        self.shared.stop.notify_one();
        match self.thread.take().map(JoinHandle::join) {
            Some(Err(_)) => Err("the server panicked".into()),
            Some(Ok(Err(error))) => Err(format!("the server failed: {error}").into()),
            Some(Ok(Ok(()))) | None => Ok(()),
        }
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        // Nobody asks for the record when the server is dropped.
        let _ = self.end();
    }
}

impl fmt::Debug for FaultServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FaultServer").field("address", &self.address).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
