//! The state shared by all requests.

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

/// The only project of this server.
pub(crate) const PROJECT: Uuid = Uuid::from_u128(0x00de_0000_0000_4000_8000_0000_0000_0001);

/// The shared state of the server.
#[derive(Debug)]
pub(crate) struct State {
    /// Identifies this run of the server.
    pub(crate) run: Uuid,
    /// The number of resets.
    pub(crate) resets: AtomicU64,
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) limiter: Limiter,
    pub(crate) heartbeat_limiter: Limiter,
    pub(crate) monitors: Monitors,
    pub(crate) faults: Rules,
    pub(crate) ledger: Ledger,
    /// Whether the stream loses entries like the real server's.
    pub(crate) stream_loss: AtomicBool,
}

/// The state as handlers receive it.
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

    /// Removes entries, spans, heartbeats, counts and faults, and resets rate limits.
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

    /// Identifies the stored content. Differs between runs, and before and after a reset.
    pub(crate) fn content(&self) -> String {
        format!("{}-{}", self.run, self.resets.load(Ordering::SeqCst))
    }
}
