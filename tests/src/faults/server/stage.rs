//! The thread of a server, which moves from fault to fault.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time,
};

use super::{Identities, Protocol, Shared, connection, port::Port, shared::Phase};
use crate::faults::{Fault, Scenario};

/// The server's own thread.
pub(super) struct Stage {
    port: Port,
    /// Whether the receive buffer of connections is small, so that a client blocks if nobody reads.
    is_narrow: bool,
    scenario: Scenario,
    shared: Arc<Shared>,
    listener: Option<TcpListener>,
    elsewhere: TcpListener,
    connections: JoinSet<()>,
}

impl Stage {
    /// Opens the ports.
    pub(super) async fn new(
        protocol: Protocol,
        identities: Option<&'static Identities>,
        scenario: Scenario,
    ) -> io::Result<(Self, Arc<Shared>, SocketAddr)> {
        let (port, elsewhere) = (Port::reserve()?, Port::reserve()?);
        let address = port.address();
        let (first, _) = scenario.phase(0);
        let shared = Arc::new(Shared::new(protocol, identities, elsewhere.address(), first));
        let is_narrow = scenario.faults().any(Fault::is_early);
        let mut stage = Self {
            port,
            is_narrow,
            scenario,
            shared: shared.clone(),
            listener: None,
            elsewhere: elsewhere.listen(false)?,
            connections: JoinSet::new(),
        };
        stage.enter(0).await?;
        Ok((stage, shared, address))
    }

    /// Serves until it is stopped.
    pub(super) async fn play(mut self) -> io::Result<()> {
        let (mut begun, mut number, shared) = (None, 0, self.shared.clone());
        loop {
            while self.connections.try_join_next().is_some() {}
            let (_, extent) = self.scenario.phase(number);
            let lasted = begun.map_or(Duration::ZERO, |begun: Instant| begun.elapsed());
            if begun.is_some() && extent.is_over(lasted, shared.record().met(number)) {
                // Phases of a fixed length keep to the schedule.
                begun = begun.map(|begun| begun + extent.at_most.min(lasted));
                number += 1;
                self.enter(number).await?;
                continue;
            }
            let end = begun.and_then(|begun| begun.checked_add(lasted)?.checked_add(extent.left(lasted)));
            tokio::select! {
                () = shared.stop.notified() => return Ok(()),
                () = shared.begin.notified() => begun = Some(Instant::now()),
                () = shared.met.notified() => {}
                () = wait_until(end) => {}
                stream = accept(self.listener.as_ref()) => {
                    self.connections.spawn(connection::serve(stream, self.shared.clone()));
                }
                _ = accept(Some(&self.elsewhere)) => shared.record().strayed += 1,
            }
        }
    }

    /// Opens or closes the port as the fault specifies.
    async fn enter(&mut self, number: usize) -> io::Result<()> {
        let (fault, _) = self.scenario.phase(number);
        if fault == Fault::Refuse {
            self.listener = None;
            self.connections.shutdown().await;
        } else if self.listener.is_none() {
            self.listener = Some(self.port.listen(self.is_narrow)?);
        }
        self.shared.phase.send_replace(Phase { number, fault });
        Ok(())
    }
}

async fn wait_until(end: Option<Instant>) {
    match end {
        Some(end) => time::sleep_until(end.into()).await,
        None => std::future::pending().await,
    }
}

/// Accepts the next connection. Waits forever while the port is closed.
async fn accept(listener: Option<&TcpListener>) -> TcpStream {
    let Some(listener) = listener else { return std::future::pending().await };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // The peer has disconnected, or no file descriptor is free.
            Err(_) => time::sleep(Duration::from_millis(10)).await,
        }
    }
}
