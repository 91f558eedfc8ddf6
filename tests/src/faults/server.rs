//! An HTTP/1.1 server that plays a scenario.

mod books;
mod connection;
mod http;
mod port;

use std::{
    fmt, io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::Notify,
    task::JoinSet,
    time,
};

pub(super) use self::books::Books;
use self::port::Port;
use super::{Fault, Result, Scenario};

/// A server on a free port of 127.0.0.1, which is its own also while it is closed. It ends when it is dropped.
pub struct FaultServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    thread: Option<JoinHandle<io::Result<()>>>,
}

#[derive(Debug)]
struct Shared {
    books: Mutex<Books>,
    fault: Mutex<Fault>,
    begin: Notify,
    stop: Notify,
}

impl FaultServer {
    /// Starts a server that is in the first fault of the scenario until [`begin`](Self::begin) starts its time.
    ///
    /// # Errors
    ///
    /// There is no port to listen on.
    pub fn start(scenario: Scenario) -> Result<Self> {
        let port = Port::reserve()?;
        let address = port.address();
        let shared = Arc::new(Shared {
            books: Mutex::default(),
            fault: Mutex::new(Fault::None),
            begin: Notify::new(),
            stop: Notify::new(),
        });
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (first, _) = scenario.at(Duration::ZERO);
        let mut stage =
            Stage { port, scenario, shared: shared.clone(), listener: None, connections: JoinSet::new() };
        runtime.block_on(stage.enter(first))?;
        let thread = thread::spawn(move || runtime.block_on(stage.play()));
        Ok(Self { shared, address, thread: Some(thread) })
    }

    /// The base address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Starts the time of the scenario.
    pub fn begin(&self) {
        self.shared.begin.notify_one();
    }

    /// Looks into the books as they are.
    pub(super) fn read<T>(&self, look: impl FnOnce(&Books) -> T) -> T {
        look(&self.shared.books())
    }

    /// Ends the server and gives what it confirmed.
    ///
    /// # Errors
    ///
    /// It could not open its port again, or panicked.
    pub(super) fn stop(mut self) -> Result<Books> {
        self.end()?;
        let books = self.shared.books().clone();
        Ok(books)
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

impl Shared {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self) -> MutexGuard<'_, Fault> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server's own thread.
struct Stage {
    port: Port,
    scenario: Scenario,
    shared: Arc<Shared>,
    listener: Option<TcpListener>,
    connections: JoinSet<()>,
}

impl Stage {
    async fn play(mut self) -> io::Result<()> {
        let (mut begun, shared) = (None, self.shared.clone());
        loop {
            let time = begun.map_or(Duration::ZERO, |begun: Instant| begun.elapsed());
            let (fault, end) = self.scenario.at(time);
            self.enter(fault).await?;
            while self.connections.try_join_next().is_some() {}
            let end = begun.zip(end).map(|(begun, end)| begun + end);
            tokio::select! {
                () = shared.stop.notified() => return Ok(()),
                () = shared.begin.notified() => begun = Some(Instant::now()),
                () = wait_until(end) => {}
                stream = accept(self.listener.as_ref()) => {
                    self.connections.spawn(connection::serve(stream, self.shared.clone()));
                }
            }
        }
    }

    /// Opens or closes the port as the fault has it.
    async fn enter(&mut self, fault: Fault) -> io::Result<()> {
        if fault == Fault::Refuse {
            self.listener = None;
            self.connections.shutdown().await;
        } else if self.listener.is_none() {
            self.listener = Some(self.port.listen()?);
        }
        *self.shared.fault() = fault;
        Ok(())
    }
}

async fn wait_until(end: Option<Instant>) {
    match end {
        Some(end) => time::sleep_until(end.into()).await,
        None => std::future::pending().await,
    }
}

/// The next connection; none ever comes while the port is closed.
async fn accept(listener: Option<&TcpListener>) -> TcpStream {
    let Some(listener) = listener else { return std::future::pending().await };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // The peer has gone, or there are no descriptors for the moment.
            Err(_) => time::sleep(Duration::from_millis(10)).await,
        }
    }
}

#[cfg(test)]
mod tests;
