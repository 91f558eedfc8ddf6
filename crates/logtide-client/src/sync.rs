//! Synchronization types for the code between a log call and the worker.
//!
//! By default these are the types of the standard library, tokio and the transport. With `cfg(shuttle)`, which
//! `cargo xtask handover` sets for this crate's unit tests, they are those of a checker, which runs the same code under
//! many interleavings.

#[cfg(not(shuttle))]
pub(crate) use {
    logtide_transport::Driver,
    std::{
        sync::{Condvar, Mutex, MutexGuard, atomic, mpsc},
        thread_local,
    },
    tokio::{
        sync::{
            Notify, OwnedSemaphorePermit, Semaphore,
            mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        },
        task::{Id, JoinSet},
        time::timeout,
    },
};

#[cfg(all(feature = "spool", not(shuttle)))]
pub(crate) use {
    crate::spool::Disk,
    tokio::task::{JoinHandle, spawn_blocking},
};

#[cfg(shuttle)]
mod checked;
#[cfg(shuttle)]
pub(crate) use self::checked::*;
