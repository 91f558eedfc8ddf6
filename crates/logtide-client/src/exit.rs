//! Clients that are open when the process ends.
//!
//! A client in a `static`, a leaked one, and every one after `std::process::exit` is never dropped. The system calls what this module
//! registers when the process ends in an ordinary way: `main` returns, or something calls `exit`.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use logtide_transport::{Driver, PerProcess};

use crate::{client::Handle, unwind};

/// Clients that have had a worker in this process. A forked child leaves those of its parent to that.
static CLIENTS: LazyLock<PerProcess<Mutex<Vec<Weak<Handle>>>>> =
    LazyLock::new(|| PerProcess::new(Mutex::default(), |_| Mutex::default()));

dtor::declarative::dtor! {
    #[dtor(unsafe)]
    fn at_exit() {
        // The caller is C, which a panic must not reach.
        let _ = unwind::catch(close_all);
    }
}

/// Closes a client at the end of the process if it is open then. It is not kept.
pub(crate) fn register(client: &Weak<Handle>) {
    // The lock is not held while memory is allocated or freed: an allocator may log.
    let mut room = Vec::new();
    loop {
        let mut clients = lock();
        if clients.iter().any(|known| known.ptr_eq(client)) {
            return;
        }
        if room.capacity() > clients.len() {
            std::mem::swap(&mut *clients, &mut room);
            clients.extend(room.extract_if(.., |known| known.strong_count() > 0));
            clients.push(client.clone());
            return drop(clients);
        }
        let needed = 2 * clients.len() + 1;
        drop(clients);
        room = Vec::with_capacity(needed);
    }
}

/// Closes what is open. All clients do so at once, so the longest of their times bounds it.
fn close_all() {
    // The thread that would do the work must not wait for it.
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
