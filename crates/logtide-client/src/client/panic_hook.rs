//! Panics as entries.

use std::{
    cell::Cell,
    panic::{self, PanicHookInfo},
    sync::{Mutex, MutexGuard, Once, PoisonError, Weak},
    thread,
    time::Duration,
};

use logtide_core::{Level, Panic};
use logtide_transport::Driver;

use super::{Client, Handle};

/// The longest that a panicking thread waits for delivery.
const PATIENCE: Duration = Duration::from_secs(2);

/// A client that logs panics. It is held weakly: a hook stays for the life of the process, and a client closes when its last handle
/// is dropped.
#[derive(Clone)]
struct Subscriber {
    client: Weak<Handle>,
    service: String,
}

static SUBSCRIBERS: Mutex<Vec<Subscriber>> = Mutex::new(Vec::new());

thread_local! {
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Logs panics with that client from now on, once.
pub(super) fn install(client: Weak<Handle>, service: &str) {
    let mut subscribers = lock();
    subscribers.retain(|subscriber| subscriber.client.strong_count() > 0);
    if !subscribers.iter().any(|subscriber| subscriber.client.ptr_eq(&client)) {
        subscribers.push(Subscriber { client, service: service.to_owned() });
    }
    drop(subscribers);
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            report(info);
            previous(info);
        }));
    });
}

/// Whether the calling thread is logging a panic. The process aborts when code that runs then panics.
pub(super) fn is_running() -> bool {
    IS_RUNNING.get()
}

fn report(info: &PanicHookInfo<'_>) {
    // What the SDK's thread does is not logged, and there is nobody else to deliver it.
    if Driver::is_driver_thread() {
        return;
    }
    let subscribers = lock().clone();
    IS_RUNNING.set(true);
    for subscriber in subscribers {
        if let Some(handle) = subscriber.client.upgrade() {
            log(&Client { handle, _owner: None }, &subscriber.service, info);
        }
    }
    IS_RUNNING.set(false);
}

fn log(client: &Client, service: &str, info: &PanicHookInfo<'_>) {
    let thread = thread::current();
    let name = thread.name().unwrap_or("<unnamed>");
    let message = Panic::message_of(info.payload());
    let mut panic = Panic::new(message).thread(name);
    if let Some(location) = info.location() {
        panic = panic.location(location);
    }
    client.emit(Level::Critical, service, format_args!("thread '{name}' panicked: {message}"), panic);
    let _ = client.flush_blocking(client.flush_timeout().min(PATIENCE));
}

fn lock() -> MutexGuard<'static, Vec<Subscriber>> {
    SUBSCRIBERS.lock().unwrap_or_else(PoisonError::into_inner)
}
