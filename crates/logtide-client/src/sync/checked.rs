//! The types of the checker, and models of what it does not know.
//!
//! The checker runs one thread at a time and changes threads before each step on a type of its own. It tries no weaker memory order than
//! `SeqCst`, and it has no time: a wait with a time limit never reaches that, so a wake-up that is lost ends in a deadlock, which it reports.

mod channel;
mod driver;
mod join_set;
mod notify;
mod semaphore;

use std::{convert::Infallible, time::Duration};

pub(crate) use shuttle::{
    sync::{Condvar, Mutex, MutexGuard, atomic, mpsc},
    thread_local,
};

pub(crate) use self::{
    channel::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    driver::Driver,
    join_set::{Id, JoinSet},
    notify::Notify,
    semaphore::{OwnedSemaphorePermit, Semaphore},
};

/// Waits without a limit: there is no time.
pub(crate) async fn timeout<T>(_limit: Duration, future: impl Future<Output = T>) -> Result<T, Infallible> {
    Ok(future.await)
}

/// Lets other threads take steps, before one on a type that the checker does not know.
pub(super) fn switch() {
    atomic::AtomicBool::new(false).load(atomic::Ordering::SeqCst);
}
