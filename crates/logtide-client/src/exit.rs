//! Clients that are open when the process ends.
//!
//! A client in a `static`, a leaked one, and every one after `std::process::exit` is never dropped. The system calls
//! the function that this module registers when the process ends normally: `main` returns, or something calls `exit`.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use logtide_transport::{Driver, PerProcess};

use crate::{client::Handle, unwind};

/// The clients that have had a worker in this process. A forked child ignores those of its parent.
static CLIENTS: LazyLock<PerProcess<Mutex<Vec<Weak<Handle>>>>> =
    LazyLock::new(|| PerProcess::new(Mutex::default(), |_| Mutex::default()));

dtor::declarative::dtor! {
    #[dtor(unsafe)]
    fn at_exit() {
        // The caller is C code, which a panic must not reach.
        let _ = unwind::catch(close_all);
    }
}

/// Registers a client to be closed at the end of the process, without keeping it alive.
pub(crate) fn register(client: &Weak<Handle>) {
    // The lock is not held while memory is allocated or freed, since an allocator may log.
    let mut larger = Vec::new();
    loop {
        let mut clients = lock();
        if clients.iter().any(|known| known.ptr_eq(client)) {
            return;
        }
        if larger.capacity() > clients.len() {
            std::mem::swap(&mut *clients, &mut larger);
            clients.extend(larger.extract_if(.., |known| known.strong_count() > 0));
            clients.push(client.clone());
            return drop(clients);
        }
        let needed = 2 * clients.len() + 1;
        drop(clients);
        larger = Vec::with_capacity(needed);
    }
}

/// Closes the open clients at the same time, so the longest of their timeouts is the limit.
fn close_all() {
    // The driver's thread must not wait for itself.
    if Driver::is_driver_thread() {
        return;
    }
    let clients = std::mem::take(&mut *lock());
    let clients: Vec<_> = clients.iter().filter_map(Weak::upgrade).collect();
    let waiting: Vec<_> = clients.iter().map(|client| client.begin_exit()).collect();
    for (report, deadline) in waiting {
        let _ = report.wait(deadline);
    }
}

fn lock() -> MutexGuard<'static, Vec<Weak<Handle>>> {
    CLIENTS.get().lock().unwrap_or_else(PoisonError::into_inner)
}
