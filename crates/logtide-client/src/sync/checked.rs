//! The checker's types, and models of the types that the checker lacks.
//!
//! The checker runs one thread at a time and can switch threads before each operation on one of its types. It tests no
//! memory order weaker than `SeqCst`. It has no time: a wait with a time limit never reaches the limit, so a lost
//! wake-up ends in a deadlock, which it reports.

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

/// A time limit was reached.
#[derive(Debug)]
pub(crate) struct Elapsed;

/// Waits without a limit, since there is no time. If the [`Driver`]'s timeouts fire, the limit can be reached at any
/// time.
pub(crate) async fn timeout<T>(_limit: Duration, future: impl Future<Output = T>) -> Result<T, Elapsed> {
    let mut future = pin!(future);
    let mut limit = Driver::fires_timeouts().then(|| shuttle::future::spawn(async {}));
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

/// Lets other threads run before an operation on a type that the checker does not know.
pub(super) fn switch() {
    atomic::AtomicBool::new(false).load(atomic::Ordering::SeqCst);
}
