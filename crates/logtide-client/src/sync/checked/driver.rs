//! The transport's driver, whose futures are threads of the checker.

use std::{
    cell::Cell,
    io,
    sync::{Arc, PoisonError},
};

use logtide_transport::DriverError;
use shuttle::future::{AbortHandle, spawn};

use super::{
    Mutex, MutexGuard,
    atomic::{AtomicU64, AtomicUsize, Ordering},
    thread_local,
};

thread_local! {
    static IS_DRIVER: Cell<bool> = const { Cell::new(false) };
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Driver(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// The futures of the thread that is there.
    thread: Mutex<Option<Vec<AbortHandle>>>,
    generation: AtomicU64,
    refusals: AtomicUsize,
    spawned: AtomicUsize,
}

impl Driver {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> Result<(), DriverError> {
        let mut thread = self.thread();
        if thread.is_none() {
            let refusals = self.0.refusals.load(Ordering::SeqCst);
            if refusals > 0 {
                self.0.refusals.store(refusals - 1, Ordering::SeqCst);
                return Err(DriverError::Start(io::Error::other("the check has no thread for it")));
            }
            self.0.generation.fetch_add(1, Ordering::SeqCst);
        }
        let task = spawn(async move {
            IS_DRIVER.with(|is_driver| is_driver.set(true));
            future.await;
        });
        self.0.spawned.fetch_add(1, Ordering::SeqCst);
        thread.get_or_insert_default().push(task.abort_handle());
        Ok(())
    }

    /// Ends the thread, and drops its futures a while later.
    pub(crate) fn stop(&self) {
        let tasks = self.thread().take();
        tasks.into_iter().flatten().for_each(|task| task.abort());
    }

    /// Has the system refuse a thread so often.
    pub(crate) fn refuse(&self, times: usize) {
        self.0.refusals.store(times, Ordering::SeqCst);
    }

    /// How many futures were spawned.
    pub(crate) fn spawned(&self) -> usize {
        self.0.spawned.load(Ordering::SeqCst)
    }

    pub(crate) fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::SeqCst)
    }

    pub(crate) fn is_running(&self) -> bool {
        self.thread().is_some()
    }

    pub(crate) fn is_driver_thread() -> bool {
        IS_DRIVER.with(Cell::get)
    }

    fn thread(&self) -> MutexGuard<'_, Option<Vec<AbortHandle>>> {
        self.0.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
