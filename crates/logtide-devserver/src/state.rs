//! What all requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use uuid::Uuid;

use crate::auth::Keys;
use crate::chaos::Rules;
use crate::ledger::Ledger;
use crate::limit::Limiter;
use crate::monitors::Monitors;
use crate::parameters::Refusal;
use crate::store::{self, Store};

/// The one project of this server.
pub(crate) const PROJECT: Uuid = Uuid::from_u128(0x00de_0000_0000_4000_8000_0000_0000_0001);

/// The server behind its routes.
#[derive(Debug)]
pub(crate) struct State {
    /// Tells this run of the server from others.
    pub(crate) run: Uuid,
    /// How often everything was removed.
    pub(crate) resets: AtomicU64,
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) limiter: Limiter,
    pub(crate) heartbeat_limiter: Limiter,
    pub(crate) monitors: Monitors,
    pub(crate) faults: Rules,
    pub(crate) ledger: Ledger,
    /// Whether the stream loses entries as the real server's does.
    pub(crate) stream_loss: AtomicBool,
}

/// The state as handlers get it.
pub(crate) type Shared = Arc<State>;

impl State {
    /// Runs a query on a thread that may block.
    pub(crate) async fn query<T: Send + 'static>(
        self: &Arc<Self>,
        query: impl FnOnce(&Store) -> store::Result<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let state = self.clone();
        let result = tokio::task::spawn_blocking(move || query(&state.store).ok()).await;
        result.ok().flatten().ok_or(Refusal::Failure)
    }

    /// Forgets entries, spans, heartbeats, counts, faults and used-up limits.
    pub(crate) fn reset(&self) -> store::Result<()> {
        self.faults.clear();
        self.limiter.clear();
        self.heartbeat_limiter.clear();
        self.monitors.clear_heartbeats();
        self.ledger.clear();
        self.stream_loss.store(true, Ordering::Relaxed);
        self.store.clear()?;
        self.resets.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// Tells what is stored from what another run of the server stored, or this one before a reset.
    pub(crate) fn content(&self) -> String {
        format!("{}-{}", self.run, self.resets.load(Ordering::SeqCst))
    }
}
