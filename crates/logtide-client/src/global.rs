//! The program's client, which the level macros use.

mod guard;

use std::{
    cell::RefCell,
    fmt::Display,
    mem,
    panic::Location,
    sync::{
        Arc, LazyLock, PoisonError, RwLock,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
};

use logtide_core::{IntoMetadata, Level};
use logtide_transport::PerProcess;

pub use self::guard::Guard;
use crate::{Client, ClientOptions, OptionsError, client::Handle};

static CURRENT: LazyLock<PerProcess<RwLock<Option<Client>>>> = LazyLock::new(|| {
    PerProcess::new(RwLock::new(None), |parents| {
        RwLock::new(parents.try_read().ok().and_then(|client| client.clone()))
    })
});

/// Incremented at every change of [`CURRENT`]; odd while there is a client.
static GENERATION: AtomicU64 = AtomicU64::new(0);

/// The lowest level that the program's client logs, as a number; [`NONE`] while there is no client.
static MIN_LEVEL: AtomicU8 = AtomicU8::new(NONE);

/// Above every level.
const NONE: u8 = u8::MAX;

thread_local! {
    /// The client of a generation, so that threads do not contend for a lock or a reference count on every entry.
    static CACHED: RefCell<(u64, Option<Client>)> = const { RefCell::new((0, None)) };
}

/// Creates the program's client, with which the level macros log. Returns a guard that closes it when dropped.
///
/// ```
/// use logtide_client::{ClientOptions, init};
///
/// # fn main() -> Result<(), logtide_client::OptionsError> {
/// let _guard = init(ClientOptions::new("http://localhost:8080", "lp_your_key").service("api"))?;
/// let port = 3000;
/// # if false {
/// logtide_client::info!("listening on port {port}", tls = false);
/// # }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// As for [`Client::new`], and [`OptionsError::AlreadyInitialized`] while the program has a client.
pub fn init(options: ClientOptions) -> Result<Guard, OptionsError> {
    Client::new(options).and_then(init_with)
}

/// Like [`init`], with an existing client.
///
/// # Errors
///
/// Returns [`OptionsError::AlreadyInitialized`] while the program has a client.
pub fn init_with(client: Client) -> Result<Guard, OptionsError> {
    let mut current = CURRENT.get().write().unwrap_or_else(PoisonError::into_inner);
    if current.is_some() {
        return Err(OptionsError::AlreadyInitialized);
    }
    *current = Some(client.clone());
    MIN_LEVEL.store(client.handle().min_level(), Ordering::Relaxed);
    GENERATION.fetch_add(1, Ordering::SeqCst);
    Ok(Guard::new(client))
}

/// Returns the program's client, if there is one.
#[must_use]
pub fn client() -> Option<Client> {
    CURRENT.get().read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Removes the program's client.
fn uninstall() {
    let mut current = CURRENT.get().write().unwrap_or_else(PoisonError::into_inner);
    let former = mem::take(&mut *current);
    if former.is_some() {
        MIN_LEVEL.store(NONE, Ordering::Relaxed);
        GENERATION.fetch_add(1, Ordering::SeqCst);
    }
    drop(current);
    // Dropped after the lock is released: it may be the last handle, and close.
    drop(former);
}

/// Takes over the lowest level of a client if it is the program's client.
pub(crate) fn set_min_level(handle: &Arc<Handle>) {
    let current = CURRENT.get().write().unwrap_or_else(PoisonError::into_inner);
    if current.as_ref().is_some_and(|client| Arc::ptr_eq(client.handle(), handle)) {
        MIN_LEVEL.store(handle.min_level(), Ordering::Relaxed);
    }
}

/// Whether the level macros log entries of the given level with the program's client. If not, they evaluate nothing
/// else.
#[inline]
pub(crate) fn enabled(level: Level) -> bool {
    level as u8 >= MIN_LEVEL.load(Ordering::Relaxed)
}

/// Logs with the program's client, for the level macros.
#[track_caller]
pub(crate) fn log(level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
    let location = Location::caller();
    let generation = GENERATION.load(Ordering::Acquire);
    let mut entry = Some((message, metadata));
    let mut emit = |client: &Client| {
        if let Some((message, metadata)) = entry.take() {
            client.log_call(location, level, service, message, metadata);
        }
    };
    // The cache is already borrowed if a message logs while it is formatted. It is gone while the thread ends.
    let cached = CACHED.try_with(|cached| {
        if cached.try_borrow().ok()?.0 != generation {
            *cached.try_borrow_mut().ok()? = (generation, client());
        }
        if let Some(client) = &cached.try_borrow().ok()?.1 {
            emit(client);
        }
        Some(())
    });
    if !matches!(cached, Ok(Some(())))
        && let Some(client) = client()
    {
        emit(&client);
    }
}
