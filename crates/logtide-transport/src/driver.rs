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

/// Runs futures on a separate thread, for callers on any async runtime or none.
///
/// The thread is named `logtide-driver`, has a current-thread tokio runtime, and starts with the first future. It
/// starts again after [`stop`](Self::stop), and in a forked child. If it cannot be started because there are not
/// enough threads, memory or file descriptors, the next future tries again. It ends when the last handle is dropped.
/// A future that panics affects no other, and the thread sleeps while there is nothing to do.
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
    /// Never locked while a thread is started or memory is allocated: an allocator may log, and need the thread.
    thread: PerProcess<Mutex<Option<DriverThread>>>,
    generation: AtomicU64,
}

/// Why a driver did not finish a task.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriverError {
    /// The operating system could not create a thread or an event queue.
    #[error("could not start the driver thread: raise the limits for threads and open files")]
    Start(#[source] std::io::Error),
    /// The driver was stopped before the task was done, or the task panicked.
    #[error("the driver stopped or the task panicked before there was a result")]
    Stopped,
    /// The timeout passed before the task was done, and the task was cancelled.
    #[error("the task did not finish within {0:?}")]
    Timeout(Duration),
    /// A blocking call was made on a driver thread, which would have blocked forever.
    #[error("a blocking call was made on the driver's thread: use the async call there")]
    OnDriverThread,
}

impl Driver {
    /// Creates a driver. Its thread starts with the first future.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Spawns a future on the driver's thread.
    ///
    /// # Errors
    ///
    /// [`DriverError::Start`] if the thread cannot be started.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> Result<(), DriverError> {
        self.spawn_abortable(future).map(drop)
    }

    /// Runs a future on the driver's thread and returns its result, on any async runtime or none.
    ///
    /// The future starts with the first poll. Dropping the returned future cancels it.
    ///
    /// # Errors
    ///
    /// [`DriverError::Start`] if the thread cannot be started, and [`DriverError::Stopped`] if it is stopped before
    /// there is a result or the future panics.
    pub fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = Result<T, DriverError>> + Send + 'static {
        let driver = self.clone();
        async move {
            let (sender, result) = oneshot::channel();
            let work = driver.spawn_abortable(async move {
                // The receiver is only gone if the caller no longer waits.
                let _ = sender.send(future.await);
            })?;
            let _abort = AbortOnDrop(work);
            result.await.map_err(|_| DriverError::Stopped)
        }
    }

    /// Runs a future on the driver's thread and blocks the calling thread until its result is there.
    ///
    /// It can be called inside an async runtime, where it blocks one of the runtime's threads; [`run`](Self::run)
    /// does not.
    ///
    /// # Errors
    ///
    /// [`DriverError::Timeout`] after `timeout`, when the future is cancelled; [`DriverError::OnDriverThread`] at
    /// once when called on a driver thread; otherwise the errors of [`run`](Self::run).
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
            // The receiver is only gone if the caller no longer waits.
            let _ = sender.send(future.await);
        })?;
        let _abort = AbortOnDrop(work);
        result.recv_timeout(timeout).map_err(|error| match error {
            mpsc::RecvTimeoutError::Timeout => DriverError::Timeout(timeout),
            mpsc::RecvTimeoutError::Disconnected => DriverError::Stopped,
        })
    }

    /// Stops the thread after its current poll, and drops all futures on it. Does not wait for that.
    ///
    /// A later future starts a new thread.
    pub fn stop(&self) {
        let thread = self.thread().take();
        drop(thread);
    }

    /// How many times the thread was started.
    ///
    /// The number increases with each start, so a future that was spawned at a lower number is gone.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::SeqCst)
    }

    /// Whether the thread is running in this process.
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

    /// Whether the calling thread belongs to a driver that was stopped, and ends after its current poll.
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

    /// The runtime of the thread, which is started if necessary.
    fn runtime(&self) -> Result<Handle, DriverError> {
        if let Some(runtime) = alive(&self.thread()) {
            return Ok(runtime);
        }
        let started = DriverThread::start().map_err(DriverError::Start)?;
        let runtime = started.runtime().clone();
        let mut thread = self.thread();
        if let Some(other) = alive(&thread) {
            // Another caller was faster. The unnecessary thread ends when it is dropped.
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
