//! An HTTP server that plays a scenario.

mod books;
mod connection;
mod http;
mod http2;
mod identity;
mod line;
mod meet;
mod port;
mod shared;
mod stage;

use std::{
    fmt, io,
    net::SocketAddr,
    sync::Arc,
    thread::{self, JoinHandle},
};

use tokio::runtime;

pub(super) use self::{books::Books, identity::Identities};
use self::{shared::Shared, stage::Stage};
use super::{Result, Scenario};

/// A server on a free port of 127.0.0.1, which is its own also while it is closed. It ends when it is dropped.
pub struct FaultServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    thread: Option<JoinHandle<io::Result<()>>>,
}

/// What a server speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Protocol {
    /// HTTP/1.1.
    #[default]
    Plain,
    /// HTTP/1.1 over TLS.
    Tls,
    /// HTTP/2 over TLS, and HTTP/1.1 while a fault is one of HTTP/1.1.
    Http2,
}

impl FaultServer {
    /// Starts a server of plain HTTP/1.1 that is in the first fault of the scenario until [`begin`](Self::begin) starts its time.
    ///
    /// # Errors
    ///
    /// There is no port to listen on.
    pub fn start(scenario: Scenario) -> Result<Self> {
        Self::speaking(Protocol::Plain, scenario)
    }

    /// Starts a server that speaks so.
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

    /// Looks into the books as they are.
    pub(super) fn read<T>(&self, look: impl FnOnce(&Books) -> T) -> T {
        look(&self.shared.books())
    }

    /// The number of the fault that the server is in.
    pub(super) fn phase(&self) -> usize {
        self.shared.phase.borrow().number
    }

    /// Ends the server and gives what it confirmed.
    ///
    /// # Errors
    ///
    /// It could not open its port again, or panicked.
    pub(super) fn stop(mut self) -> Result<Books> {
        self.end()?;
        Ok(self.read(Books::clone))
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
        // Whoever drops it asks for nothing more.
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
