//! The transport's driver, with the checker's threads for its futures.

use std::{
    cell::{Cell, RefCell},
    io,
    pin::Pin,
    sync::{Arc, PoisonError},
    task::{Context, Poll},
};

use logtide_transport::DriverError;
use shuttle::future::{AbortHandle, spawn};

use super::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    thread_local,
};

thread_local! {
    static IS_DRIVER: Cell<bool> = const { Cell::new(false) };
    /// The driver of the future that the thread polls, and its generation.
    static CURRENT: RefCell<Option<(Arc<Inner>, u64)>> = const { RefCell::new(None) };
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Driver(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// The futures of the running thread.
    thread: Mutex<Option<Vec<AbortHandle>>>,
    generation: AtomicU64,
    refusals: AtomicUsize,
    spawned: AtomicUsize,
    fires_timeouts: AtomicBool,
    /// The generations of the futures that are not yet dropped.
    alive: Mutex<Vec<u64>>,
}

struct Task<F> {
    future: Pin<Box<F>>,
    /// Dropped after the future.
    _alive: Alive,
}

struct Alive(Arc<Inner>, u64);

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
        let generation = self.generation();
        self.alive().push(generation);
        let task = spawn(Task { future: Box::pin(future), _alive: Alive(self.0.clone(), generation) });
        self.0.spawned.fetch_add(1, Ordering::SeqCst);
        thread.get_or_insert_default().push(task.abort_handle());
        Ok(())
    }

    /// Ends the thread. Its futures are dropped some time later.
    pub(crate) fn stop(&self) {
        let tasks = self.thread().take();
        tasks.into_iter().flatten().for_each(|task| task.abort());
    }

    /// Makes the next `times` thread starts fail.
    pub(crate) fn refuse(&self, times: usize) {
        self.0.refusals.store(times, Ordering::SeqCst);
    }

    /// Lets the timeouts of its futures fire at any time.
    pub(crate) fn fire_timeouts(&self) {
        self.0.fires_timeouts.store(true, Ordering::SeqCst);
    }

    /// Whether the timeouts of the polled future fire.
    pub(super) fn fires_timeouts() -> bool {
        let current = CURRENT.with(|current| current.borrow().clone());
        current.is_some_and(|(inner, _)| inner.fires_timeouts.load(Ordering::SeqCst))
    }

    /// The number of spawned futures.
    pub(crate) fn spawned(&self) -> usize {
        self.0.spawned.load(Ordering::SeqCst)
    }

    /// Whether all futures are dropped.
    pub(crate) fn is_done(&self) -> bool {
        self.alive().is_empty()
    }

    /// Whether all futures are dropped except those of the running thread.
    pub(crate) fn has_stopped(&self) -> bool {
        let current = self.is_running().then(|| self.generation());
        self.alive().iter().all(|generation| Some(*generation) == current)
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

    /// Whether the thread of the polled future was told to stop.
    pub(crate) fn is_stopping() -> bool {
        let current = CURRENT.with(|current| current.borrow().clone());
        current.is_some_and(|(inner, generation)| {
            let driver = Self(inner);
            !driver.is_running() || driver.generation() != generation
        })
    }

    fn alive(&self) -> MutexGuard<'_, Vec<u64>> {
        self.0.alive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn thread(&self) -> MutexGuard<'_, Option<Vec<AbortHandle>>> {
        self.0.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: Future<Output = ()>> Future for Task<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        IS_DRIVER.with(|is_driver| is_driver.set(true));
        let Alive(inner, generation) = &self._alive;
        let current = Some((inner.clone(), *generation));
        CURRENT.with(|cell| *cell.borrow_mut() = current);
        self.future.as_mut().poll(context)
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        let mut alive = self.0.alive.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = alive.iter().position(|generation| *generation == self.1) {
            alive.remove(index);
        }
    }
}
