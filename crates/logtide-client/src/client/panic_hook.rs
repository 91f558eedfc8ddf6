//! The panic hook of the process.

mod delivery_wait;
mod note;

use std::{
    cell::Cell,
    panic::{self, PanicHookInfo},
    sync::{
        Arc, LazyLock, Once, PoisonError, RwLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use logtide_core::{Head, Level, Panic};
use logtide_transport::{Driver, PerProcess};

use self::delivery_wait::DeliveryWait;
use self::note::Note;
pub(crate) use self::note::{forget, note_of};
use super::{Client, Handle};
use crate::stacktrace;

/// The longest time that a panicking thread waits for delivery.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// A client that logs panics. The reference is weak: the hook stays for the life of the process, but a client closes
/// when its last handle is dropped.
#[derive(Clone)]
struct Subscriber {
    client: Weak<Handle>,
    service: Arc<str>,
    wait: Arc<DeliveryWait>,
}

/// A child inherits the parent's subscribers. Panicking threads only read, so a fork finds the lock free.
static SUBSCRIBERS: LazyLock<PerProcess<RwLock<Vec<Subscriber>>>> = LazyLock::new(|| {
    PerProcess::new(RwLock::default(), |parents| {
        let subscribers = parents.try_read().map(|parents| parents.iter().map(Subscriber::inherit).collect());
        RwLock::new(subscribers.unwrap_or_default())
    })
});

/// Whether panics are noted for the code that catches them.
static IS_WATCHED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
    /// Whether a hook of the SDK has already reported the panic that another of its hooks receives.
    static IS_REPORTED: Cell<bool> = const { Cell::new(false) };
}

/// Logs all further panics with the given client. Repeated calls have no effect.
pub(super) fn install(client: Weak<Handle>, service: &str) {
    static INSTALLED: Once = Once::new();
    let mut subscribers = SUBSCRIBERS.get().write().unwrap_or_else(PoisonError::into_inner);
    subscribers.retain(|subscriber| subscriber.client.strong_count() > 0);
    if !subscribers.iter().any(|subscriber| subscriber.client.ptr_eq(&client)) {
        subscribers.push(Subscriber { client, service: service.into(), wait: Arc::default() });
    }
    drop(subscribers);
    set_hook(&INSTALLED);
}

/// Notes all further panics, so that code that catches one knows its location and stack.
pub(crate) fn watch() {
    static WATCHED: Once = Once::new();
    IS_WATCHED.store(true, Ordering::Relaxed);
    set_hook(&WATCHED);
}

/// Whether the calling thread is logging a panic. The process aborts if code that runs then panics.
pub(crate) fn is_logging_panic() -> bool {
    IS_RUNNING.get()
}

impl Subscriber {
    /// The state for a forked child, in which no thread waits yet.
    fn inherit(&self) -> Self {
        Self { client: self.client.clone(), service: self.service.clone(), wait: Arc::default() }
    }
}

/// Sets a hook in front of the present one, once for each `Once`: the application may have replaced an earlier hook
/// with its own.
fn set_hook(once: &Once) {
    // A panicking thread must not set a hook. The next call does it.
    if thread::panicking() {
        return;
    }
    once.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let is_reported = IS_REPORTED.replace(true);
            if !is_reported {
                report(info);
            }
            stacktrace::call_hook(|| previous(info));
            IS_REPORTED.set(is_reported);
        }));
    });
}

fn report(info: &PanicHookInfo<'_>) {
    // Panics of the SDK's own threads are not logged, since these threads would have to deliver them.
    if Driver::is_driver_thread() || stacktrace::is_resolver_thread() {
        return;
    }
    let subscribers = SUBSCRIBERS.get().read().unwrap_or_else(PoisonError::into_inner).clone();
    let clients: Vec<_> = subscribers
        .iter()
        .filter_map(|subscriber| Some((subscriber, Client::of(subscriber.client.upgrade()?))))
        .collect();
    let is_watched = IS_WATCHED.load(Ordering::Relaxed);
    if clients.is_empty() && !is_watched {
        return;
    }
    let note = Note::new(info);
    if !clients.is_empty() {
        IS_RUNNING.set(true);
        note.resolve();
        for (subscriber, client) in &clients {
            log(client, &subscriber.service, &note, Panic::message_of(info.payload()));
        }
        deliver(&clients);
        IS_RUNNING.set(false);
    }
    if is_watched {
        note::keep(note);
    }
}

fn log(client: &Client, service: &str, note: &Note, message: &str) {
    note.mark_logged(&client.handle);
    let thread = note.thread();
    client.submit_once(&Head::new(Level::Critical, service), note.stack(), |fields| {
        fields.message(format_args!("thread '{thread}' panicked: {message}"));
        fields.metadata(note.panic(message));
    });
}

/// Waits for all clients at once until everything is delivered.
fn deliver(clients: &[(&Subscriber, Client)]) {
    let now = Instant::now();
    let waits: Vec<_> = clients
        .iter()
        .filter_map(|(subscriber, client)| {
            let (handle, wait) = (&client.handle, &subscriber.wait);
            let timeout = client.flush_timeout().min(LONGEST_WAIT);
            let deadline = wait.begin(now, timeout, handle.delivered())?;
            Some((handle, wait, deadline, handle.start_flush(deadline.saturating_duration_since(now))))
        })
        .collect();
    for (handle, wait, deadline, flushed) in waits {
        let _ = flushed.wait(deadline);
        wait.end(Instant::now(), handle.delivered());
    }
}
