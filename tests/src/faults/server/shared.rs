//! What a server and its connections share.

use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, watch};

use super::{Identities, Protocol, ServerRecord};
use crate::faults::Fault;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) protocol: Protocol,
    pub(super) identities: Option<&'static Identities>,
    /// A server that only a redirect names.
    pub(super) elsewhere: SocketAddr,
    pub(super) phase: watch::Sender<Phase>,
    pub(super) begin: Notify,
    pub(super) stop: Notify,
    /// Notified when a fault was met.
    pub(super) met: Notify,
    record: Mutex<ServerRecord>,
}

/// A fault and its place in the scenario.
#[derive(Clone, Debug)]
pub(super) struct Phase {
    pub(super) number: usize,
    pub(super) fault: Fault,
}

/// A connection in which the server is silent.
pub(super) struct Hanging<'a>(&'a Shared);

impl Shared {
    pub(super) fn new(
        protocol: Protocol,
        identities: Option<&'static Identities>,
        elsewhere: SocketAddr,
        first: Fault,
    ) -> Self {
        Self {
            protocol,
            identities,
            elsewhere,
            phase: watch::Sender::new(Phase { number: 0, fault: first }),
            begin: Notify::new(),
            stop: Notify::new(),
            met: Notify::new(),
            record: Mutex::default(),
        }
    }

    pub(super) fn record(&self) -> MutexGuard<'_, ServerRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts that a fault was met, which may end it.
    pub(super) fn meet(&self, phase: &Phase) {
        self.record().meet(phase.number);
        self.met.notify_one();
    }

    /// Counts a connection as hanging until the value is dropped.
    pub(super) fn hanging(&self) -> Hanging<'_> {
        self.record().hanging += 1;
        Hanging(self)
    }
}

impl Drop for Hanging<'_> {
    fn drop(&mut self) {
        self.0.record().hanging -= 1;
    }
}
