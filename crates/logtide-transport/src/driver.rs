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
    #[error("could not start the driver thread: raise the limits on threads and open files")]
    Start(#[source] std::io::Error),
    /// The driver was stopped before the work was done, or the work panicked.
    #[error("the driver was stopped, or the work panicked, before there was a result")]
    Stopped,
    /// The time allowed was over before the work was done, and the work was given up.
    #[error("the work was not done within {0:?}")]
    Timeout(Duration),
    /// A blocking call came from a driver thread, which it would have blocked for ever.
    #[error("a blocking call was made on a driver thread: use the async call there")]
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
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;

    const PATIENCE: Duration = Duration::from_secs(30);

    /// Sets the flag when the future that holds it is dropped.
    struct Dropped(mpsc::Sender<()>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }

    #[test]
    fn it_works_without_any_runtime() {
        let driver = Driver::new();
        assert!(!driver.is_running());
        let name = driver.run_blocking(PATIENCE, async { std::thread::current().name().map(str::to_owned) });
        assert_eq!(name.unwrap().as_deref(), Some("logtide-driver"));
        assert!(driver.is_running());
        assert_eq!(Driver::block_on(driver.run(async { 7 })).unwrap().unwrap(), 7);
    }

    #[tokio::test]
    async fn it_works_inside_a_current_thread_runtime() {
        let driver = Driver::new();
        assert_eq!(driver.run(async { 1 }).await.unwrap(), 1);
        assert_eq!(driver.run_blocking(PATIENCE, async { 2 }).unwrap(), 2);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn it_works_inside_a_multi_thread_runtime() {
        let driver = Driver::new();
        assert_eq!(driver.run(async { 1 }).await.unwrap(), 1);
        assert_eq!(driver.run_blocking(PATIENCE, async { 2 }).unwrap(), 2);
    }

    #[test]
    fn after_a_stop_the_next_future_starts_a_new_thread() {
        let driver = Driver::new();
        let (sender, dropped) = mpsc::channel();
        let guard = Dropped(sender);
        driver
            .spawn(async move {
                let _guard = guard;
                std::future::pending::<()>().await;
            })
            .unwrap();
        assert_eq!(driver.generation(), 1);
        driver.stop();
        assert!(!driver.is_running());
        dropped.recv_timeout(PATIENCE).unwrap();
        assert_eq!(driver.run_blocking(PATIENCE, async { 3 }).unwrap(), 3);
        assert_eq!(driver.generation(), 2);
    }

    #[test]
    fn a_stop_ends_the_wait_for_a_result() {
        let driver = Driver::new();
        let stopper = driver.clone();
        let result = driver.run_blocking(PATIENCE, async move {
            stopper.stop();
            std::future::pending::<()>().await;
        });
        assert!(matches!(result, Err(DriverError::Stopped)));
    }

    #[test]
    fn the_last_handle_ends_the_thread() {
        let driver = Driver::new();
        let (sender, dropped) = mpsc::channel();
        let guard = Dropped(sender);
        driver
            .spawn(async move {
                let _guard = guard;
                std::future::pending::<()>().await;
            })
            .unwrap();
        let second = driver.clone();
        drop(driver);
        assert_eq!(second.run_blocking(PATIENCE, async { 4 }).unwrap(), 4);
        drop(second);
        dropped.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn the_last_handle_may_be_dropped_on_the_thread_itself() {
        let driver = Driver::new();
        let (sender, ended) = mpsc::channel();
        let guard = Dropped(sender);
        let held = driver.clone();
        let (go, gone) = oneshot::channel::<()>();
        driver
            .spawn(async move {
                let _guard = guard;
                let _ = gone.await;
                drop(held);
                std::future::pending::<()>().await;
            })
            .unwrap();
        drop(driver);
        drop(go);
        ended.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn a_panic_stays_in_its_future() {
        let driver = Driver::new();
        let result: Result<(), _> = driver.run_blocking(PATIENCE, async { panic!("expected in this test") });
        assert!(matches!(result, Err(DriverError::Stopped)));
        assert_eq!(driver.run_blocking(PATIENCE, async { 5 }).unwrap(), 5);
        assert_eq!(driver.generation(), 1);
    }

    #[test]
    fn a_blocking_call_gives_up_in_time_and_drops_its_work() {
        let driver = Driver::new();
        let (sender, dropped) = mpsc::channel();
        let guard = Dropped(sender);
        let result: Result<(), _> = driver.run_blocking(Duration::from_millis(20), async move {
            let _guard = guard;
            std::future::pending::<()>().await;
        });
        assert!(matches!(result, Err(DriverError::Timeout(_))));
        dropped.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn dropping_the_wait_drops_the_work() {
        let driver = Driver::new();
        let (sender, dropped) = mpsc::channel();
        let guard = Dropped(sender);
        let mut waiting = Box::pin(driver.run(async move {
            let _guard = guard;
            std::future::pending::<()>().await;
        }));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        drop(waiting);
        dropped.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn a_blocking_call_on_a_driver_thread_is_refused_at_once() {
        let (driver, other) = (Driver::new(), Driver::new());
        let inner = driver.clone();
        let results = driver.run_blocking(PATIENCE, async move {
            assert!(Driver::is_driver_thread());
            [inner.run_blocking(PATIENCE, async {}), other.run_blocking(PATIENCE, async {})]
        });
        assert!(results.unwrap().iter().all(|result| matches!(result, Err(DriverError::OnDriverThread))));
        assert!(!Driver::is_driver_thread());
    }

    #[test]
    fn its_threads_for_blocking_work_are_driver_threads_too() {
        let driver = Driver::new();
        let blocking = driver
            .run_blocking(PATIENCE, async { tokio::task::spawn_blocking(Driver::is_driver_thread).await });
        assert!(blocking.unwrap().unwrap());
    }

    #[test]
    fn a_forked_child_starts_a_thread_of_its_own() {
        let mut driver = Driver::new();
        driver.run_blocking(PATIENCE, async {}).unwrap();
        Arc::get_mut(&mut driver.0).unwrap().thread.pretend_to_be_forked();
        assert!(!driver.is_running());
        let flag = Arc::new(AtomicBool::new(false));
        let polled = flag.clone();
        driver.run_blocking(PATIENCE, async move { flag.store(true, Ordering::SeqCst) }).unwrap();
        assert!(polled.load(Ordering::SeqCst));
        assert_eq!(driver.generation(), 2);
    }

    #[test]
    fn callers_that_start_it_at_once_share_a_thread() {
        let driver = Driver::new();
        let thread = || driver.run_blocking(PATIENCE, async { std::thread::current().id() }).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(thread);
            }
        });
        assert_eq!((driver.generation(), thread()), (1, thread()));
    }
}
