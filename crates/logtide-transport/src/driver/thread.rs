//! The thread of a driver.

use std::{
    cell::{Cell, OnceCell},
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use logtide_core::bridge::catch;
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::oneshot,
};

thread_local! {
    static IS_DRIVER: Cell<bool> = const { Cell::new(false) };
    /// The driver that this thread belongs to.
    static STOPPING: OnceCell<Arc<AtomicBool>> = const { OnceCell::new() };
}

/// A running thread. Dropping it stops the thread without waiting.
#[derive(Debug)]
pub(super) struct DriverThread {
    runtime: Handle,
    thread: JoinHandle<()>,
    /// Whether it was asked to stop.
    stopping: Arc<AtomicBool>,
    /// The thread runs until this is dropped.
    _stop: oneshot::Sender<()>,
}

impl DriverThread {
    pub(super) fn start() -> io::Result<Self> {
        probe()?;
        let runtime = AsDriver::run(build)?;
        let handle = runtime.0.as_ref().expect("taken in drop only").handle().clone();
        let (stop, stopped) = oneshot::channel();
        let stopping = Arc::new(AtomicBool::new(false));
        let own = stopping.clone();
        let thread = thread::Builder::new().name("logtide-driver".to_owned()).spawn(move || {
            IS_DRIVER.set(true);
            let _ = STOPPING.with(|stopping| stopping.set(own));
            // Ends with an error when the sender is dropped, which is the request to stop.
            let _ = runtime.0.as_ref().expect("taken in drop only").block_on(stopped);
        })?;
        Ok(Self { runtime: handle, thread, stopping, _stop: stop })
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    pub(super) fn is_alive(&self) -> bool {
        !self.thread.is_finished()
    }
}

impl Drop for DriverThread {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
    }
}

/// A runtime that can be dropped anywhere. If its thread cannot be started, that may be inside another runtime, where
/// waiting for its threads is not allowed.
struct Owned(Option<Runtime>);

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Checks that there are enough file descriptors. Without them, parts of the runtime panic instead of failing.
#[cfg(unix)]
fn probe() -> io::Result<()> {
    /// An event queue and its copy, a waker, and the pair with its copy for signal handling that a feature of tokio
    /// adds. The rest is for connections.
    const PAIRS: usize = 4;
    let pairs: io::Result<Vec<_>> = (0..PAIRS).map(|_| std::os::unix::net::UnixStream::pair()).collect();
    pairs.map(drop)
}

#[cfg(not(unix))]
fn probe() -> io::Result<()> {
    Ok(())
}

fn build() -> io::Result<Owned> {
    let mut builder = Builder::new_current_thread();
    // The runtime's threads for blocking work count as the driver's: what they log is the SDK's too.
    builder.enable_all().thread_name("logtide-blocking").on_thread_start(|| IS_DRIVER.set(true));
    catch(|| builder.build())
        .unwrap_or_else(|panic| Err(io::Error::other(format!("the runtime panicked: {}", panic.message()))))
        .map(|runtime| Owned(Some(runtime)))
}

/// The calling thread counts as the driver's until this is dropped: its log calls are the SDK's.
struct AsDriver {
    before: bool,
}

impl AsDriver {
    fn run<T>(work: impl FnOnce() -> T) -> T {
        let _mark = Self { before: IS_DRIVER.replace(true) };
        work()
    }
}

impl Drop for AsDriver {
    fn drop(&mut self) {
        IS_DRIVER.set(self.before);
    }
}

#[inline]
pub(super) fn is_current() -> bool {
    IS_DRIVER.get()
}

pub(super) fn is_stopping() -> bool {
    // There is none while the thread ends.
    STOPPING
        .try_with(|stopping| stopping.get().is_some_and(|stopping| stopping.load(Ordering::SeqCst)))
        .unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_takes_the_mark_along() {
        let work = || AsDriver::run(|| panic!("expected in this test"));
        assert!(catch(work).is_err());
        assert!(!is_current());
    }

    #[test]
    fn a_runtime_without_a_thread_may_be_dropped_inside_another() {
        let outer = Builder::new_current_thread().build().unwrap();
        outer.block_on(async { drop(build().unwrap()) });
    }
}
