//! The settings of a server.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use tokio::runtime;
use tokio::sync::watch;
use uuid::Uuid;

use super::DevServer;
use crate::auth::{KeyKind, Keys, new_key};
use crate::chaos::Rules;
use crate::error::StartError;
use crate::ledger::Ledger;
use crate::limit::Limiter;
use crate::listener;
use crate::routes;
use crate::state::State;
use crate::store::{Database, Store};

/// The name of the server's threads.
const THREAD: &str = "logtide-devserver";

/// The stack size of threads that parse JSON, which may nest 5,000 levels deep.
const STACK: usize = 32 * 1024 * 1024;

/// The heartbeats that each key may send in a minute.
const HEARTBEATS: u64 = 600;

/// How long open queries may take when the server stops.
const QUERY_GRACE: Duration = Duration::from_secs(1);

/// The settings of a [`DevServer`] before it starts.
#[must_use = "nothing runs before `start`"]
pub struct DevServerBuilder {
    address: SocketAddr,
    database: Database,
    keys: Vec<(String, KeyKind)>,
    monitors: Vec<String>,
    limit: u64,
    window: Duration,
    keep_alive: Duration,
    seed: Option<u64>,
}

impl DevServerBuilder {
    pub(super) fn new() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            database: Database::Memory,
            keys: Vec::new(),
            monitors: Vec::new(),
            limit: 1_000_000,
            window: Duration::from_secs(60),
            keep_alive: Duration::from_secs(72),
            seed: None,
        }
    }

    /// Sets the address to listen on. Default: a free port of 127.0.0.1.
    ///
    /// The control API under `/_dev/` needs no key. An address that other machines can reach exposes it to them.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Sets where entries and spans are kept. Default [`Database::Memory`].
    pub fn database(mut self, database: Database) -> Self {
        self.database = database;
        self
    }

    /// Adds a key. For a kind without a key, the server creates a random one of `lp_` and 64 hexadecimal digits.
    pub fn api_key(mut self, key: impl Into<String>, kind: KeyKind) -> Self {
        self.keys.push((key.into(), kind));
        self
    }

    /// Adds a monitor that receives heartbeats. A heartbeat for an unknown monitor gets status 500.
    pub fn monitor(mut self, id: impl Into<String>) -> Self {
        self.monitors.push(id.into());
        self
    }

    /// Sets how many requests each key may send to each route in a window. Default 1,000,000 a minute; the real
    /// server's default is 1000 a minute. Heartbeats have their own limit of 600 a minute.
    pub fn rate_limit(mut self, requests: u64, window: Duration) -> Self {
        self.limit = requests;
        self.window = window;
        self
    }

    /// Sets how long an idle connection is kept. Default 72 seconds, as on the real server.
    pub fn keep_alive(mut self, idle: Duration) -> Self {
        self.keep_alive = idle;
        self
    }

    /// Sets a seed for faults with a probability, so that each run has the same ones. Default random.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Starts the server. It accepts requests when this method returns.
    ///
    /// # Errors
    ///
    /// Fails if the address is in use, the database cannot be opened, or no thread is available.
    pub fn start(self) -> Result<DevServer, StartError> {
        let mut keys = Keys::default();
        let mut key = |kind| {
            let given = self.keys.iter().find(|(_, given)| *given == kind).map(|(key, _)| key.clone());
            let key = given.unwrap_or_else(new_key);
            keys.add(key.clone(), kind);
            key
        };
        let (api_key, write_key) = (key(KeyKind::Full), key(KeyKind::Write));
        for (key, kind) in self.keys {
            keys.add(key, kind);
        }
        let bind = |source| StartError::Bind { address: self.address, source };
        let listener = TcpListener::bind(self.address).map_err(bind)?;
        listener.set_nonblocking(true).map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let store = Store::open(self.database).map_err(|source| StartError::Database(source.into()))?;
        let state = Arc::new(State {
            run: Uuid::from_u128(fastrand::u128(..)),
            resets: Default::default(),
            store,
            keys,
            limiter: Limiter::new(self.limit, self.window),
            heartbeat_limiter: Limiter::new(HEARTBEATS, Duration::from_secs(60)),
            monitors: self.monitors.into_iter().collect(),
            faults: Rules::new(self.seed.unwrap_or_else(|| fastrand::u64(..))),
            ledger: Ledger::new(),
            stream_loss: AtomicBool::new(true),
        });
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .thread_name(THREAD)
            .thread_stack_size(STACK)
            .build()
            .map_err(StartError::Thread)?;
        let (stop, stopped) = watch::channel(false);
        let router = routes::router(state.clone());
        let run = move || {
            runtime.block_on(listener::serve(listener, router, self.keep_alive, stopped));
            runtime.shutdown_timeout(QUERY_GRACE);
        };
        let thread = thread::Builder::new().name(THREAD.into()).spawn(run).map_err(StartError::Thread)?;
        let url = format!("http://{address}");
        Ok(DevServer { state, address, url, api_key, write_key, stop, thread: Some(thread) })
    }
}

impl fmt::Debug for DevServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, database, .. } = self;
        f.debug_struct("DevServerBuilder")
            .field("address", address)
            .field("database", database)
            .finish_non_exhaustive()
    }
}
