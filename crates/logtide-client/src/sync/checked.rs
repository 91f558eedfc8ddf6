//! The types of the checker, and models of what it does not know.
//!
//! The checker runs one thread at a time and changes threads before each step on a type of its own. It tries no weaker memory order than
//! `SeqCst`, and it has no time: a wait with a time limit never reaches that, so a wake-up that is lost ends in a deadlock, which it reports.

#[cfg(feature = "spool")]
mod blocking;
mod channel;
#[cfg(feature = "spool")]
mod disk;
mod driver;
mod join_set;
mod notify;
mod semaphore;

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

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

#[cfg(feature = "spool")]
pub(crate) use self::{
    blocking::{JoinHandle, blocking_jobs, spawn_blocking},
    disk::Disk,
};

#[cfg(not(feature = "spool"))]
pub(crate) const fn blocking_jobs() -> usize {
    0
}

/// That a time limit was reached.
#[derive(Debug)]
pub(crate) struct Elapsed;

/// Waits without a limit: there is no time. Where the [`Driver`] is impatient, the limit is reached at any moment.
pub(crate) async fn timeout<T>(_limit: Duration, future: impl Future<Output = T>) -> Result<T, Elapsed> {
    let mut future = pin!(future);
    let mut limit = Driver::is_impatient().then(|| shuttle::future::spawn(async {}));
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        match &mut limit {
            Some(limit) => Pin::new(limit).poll(context).map(|_| Err(Elapsed)),
            None => Poll::Pending,
        }
    })
    .await
}

/// Lets other threads take steps, before one on a type that the checker does not know.
pub(super) fn switch() {
    atomic::AtomicBool::new(false).load(atomic::Ordering::SeqCst);
}
