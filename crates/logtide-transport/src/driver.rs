//! A thread that runs futures for callers without an async runtime.

mod block_on;
mod thread;

use crate::PerProcess;
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::Duration,
};
use thread::DriverThread;
use tokio::{runtime::Handle, sync::oneshot, task::AbortHandle};

/// Runs futures on a thread of its own, for callers on any async runtime or none.
///
/// The thread is named `logtide-driver`, has a current-thread tokio runtime and starts with the first future. Where it
/// is missing it starts anew: after [`stop`](Self::stop), and in a child that was forked off the process that started
/// it. Where it cannot be started for want of threads, memory or file descriptors, the next future tries again. It ends
/// when the last handle is dropped. A future that panics takes nothing else down, and nothing wakes the thread while no
/// future has anything to do.
///
/// ```
/// use logtide_transport::Driver;
/// use std::time::Duration;
///
/// let driver = Driver::new();
/// let answer = driver.run_blocking(Duration::from_secs(1), async { 6 * 7 })?;
/// assert_eq!(answer, 42);
/// # Ok::<(), logtide_transport::DriverError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Driver(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Never locked while a thread is started or memory is allocated: an allocator may log, and so ask for the thread.
    thread: PerProcess<Mutex<Option<DriverThread>>>,
    generation: AtomicU64,
}

/// Work that a driver did not finish.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriverError {
    /// The operating system gave no thread or no event queue.
    #[error("could not start the driver thread: raise the limits for threads and open files")]
    Start(#[source] std::io::Error),
    /// The driver was stopped before the work was done, or the work panicked.
    #[error("the driver stopped or the task panicked before there was a result")]
    Stopped,
    /// The time allowed was over before the work was done, and the work was given up.
    #[error("the task did not finish within {0:?}")]
    Timeout(Duration),
    /// A blocking call came from a driver thread, which it would have blocked for ever.
    #[error("a blocking call was made on the driver's thread: use the async call there")]
    OnDriverThread,
}

impl Driver {
    /// Makes a driver; its thread starts with the first future.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a future on the driver's thread and lets it run.
    ///
    /// # Errors
    ///
    /// [`DriverError::Start`] where the thread is missing and cannot be started.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> Result<(), DriverError> {
        self.spawn_abortable(future).map(drop)
    }

    /// Runs a future on the driver's thread and gives its result to the caller, on any async runtime or none.
    ///
    /// The work begins with the first poll, and dropping the returned future gives it up.
    ///
    /// # Errors
    ///
    /// [`DriverError::Start`] where the thread cannot be started, and [`DriverError::Stopped`] where it is stopped
    /// before the result is there or the future panics.
    pub fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = Result<T, DriverError>> + Send + 'static {
        let driver = self.clone();
        async move {
            let (sender, result) = oneshot::channel();
            let work = driver.spawn_abortable(async move {
                // The receiver is only gone when the caller no longer waits.
                let _ = sender.send(future.await);
            })?;
            let _abort = AbortOnDrop(work);
            result.await.map_err(|_| DriverError::Stopped)
        }
    }

    /// Runs a future on the driver's thread and blocks the calling thread until its result is there.
    ///
    /// It may be called inside an async runtime, which then loses a thread for as long; [`run`](Self::run) does
    /// not.
    ///
    /// # Errors
    ///
    /// [`DriverError::Timeout`] after `timeout`, when the work is given up; [`DriverError::OnDriverThread`] at once
    /// when called on a driver thread; otherwise as [`run`](Self::run).
    pub fn run_blocking<T: Send + 'static>(
        &self,
        timeout: Duration,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, DriverError> {
        if Self::is_driver_thread() {
            return Err(DriverError::OnDriverThread);
        }
        let (sender, result) = mpsc::sync_channel(1);
        let work = self.spawn_abortable(async move {
            // The receiver is only gone when the caller no longer waits.
            let _ = sender.send(future.await);
        })?;
        let _abort = AbortOnDrop(work);
        result.recv_timeout(timeout).map_err(|error| match error {
            mpsc::RecvTimeoutError::Timeout => DriverError::Timeout(timeout),
            mpsc::RecvTimeoutError::Disconnected => DriverError::Stopped,
        })
    }

    /// Ends the thread after what it is polling now, and drops all futures on it. It does not wait for that.
    ///
    /// A later future starts a new thread.
    pub fn stop(&self) {
        let thread = self.thread().take();
        drop(thread);
    }

    /// How many times the thread was started.
    ///
    /// It rises with each start, so a future that was spawned at a lower number is gone.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::SeqCst)
    }

    /// Whether the thread is there, in this process.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.thread().as_ref().is_some_and(DriverThread::is_alive)
    }

    /// Whether the calling thread is the thread of any driver.
    #[inline]
    #[must_use]
    pub fn is_driver_thread() -> bool {
        thread::is_current()
    }

    /// Whether the calling thread is that of a driver that was stopped, and ends after what it is polling now.
    #[must_use]
    pub fn is_stopping() -> bool {
        thread::is_stopping()
    }

    fn spawn_abortable(
        &self,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> Result<AbortHandle, DriverError> {
        Ok(self.runtime()?.spawn(future).abort_handle())
    }

    /// The runtime of the thread, which is started where it is missing.
    fn runtime(&self) -> Result<Handle, DriverError> {
        if let Some(runtime) = alive(&self.thread()) {
            return Ok(runtime);
        }
        let started = DriverThread::start().map_err(DriverError::Start)?;
        let runtime = started.runtime().clone();
        let mut thread = self.thread();
        if let Some(other) = alive(&thread) {
            // Another caller was faster. The thread that is not needed ends when it is dropped.
            drop(thread);
            return Ok(other);
        }
        let former = thread.replace(started);
        self.0.generation.fetch_add(1, Ordering::SeqCst);
        drop(thread);
        drop(former);
        Ok(runtime)
    }

    fn thread(&self) -> MutexGuard<'_, Option<DriverThread>> {
        self.0.thread.get().lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            thread: PerProcess::new(Mutex::new(None), |_| Mutex::new(None)),
            generation: AtomicU64::new(0),
        }
    }
}

fn alive(thread: &Option<DriverThread>) -> Option<Handle> {
    thread.as_ref().filter(|thread| thread.is_alive()).map(|thread| thread.runtime().clone())
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests;
