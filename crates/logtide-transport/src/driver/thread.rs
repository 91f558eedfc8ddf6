//! The thread of a driver.

use std::{
    cell::Cell,
    io, mem, process,
    thread::{self, JoinHandle},
};
use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
    task::AbortHandle,
};

thread_local! {
    static IS_DRIVER: Cell<bool> = const { Cell::new(false) };
}

/// One running thread; dropping it stops the thread without waiting for it.
#[derive(Debug)]
pub(super) struct DriverThread(Option<Running>);

#[derive(Debug)]
struct Running {
    process: u32,
    runtime: Handle,
    thread: JoinHandle<()>,
    /// The thread runs until this is dropped.
    _stop: oneshot::Sender<()>,
}

impl DriverThread {
    pub(super) fn start() -> io::Result<Self> {
        // The runtime's threads for blocking work count as the driver's: what they log is the SDK's too.
        let mut builder = Builder::new_current_thread();
        builder.enable_all().thread_name("logtide-blocking").on_thread_start(|| IS_DRIVER.set(true));
        let runtime = as_driver(|| builder.build())?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("logtide-driver".to_owned()).spawn(move || {
            IS_DRIVER.set(true);
            // Ends with an error when the sender is dropped, which is how it is told to stop.
            let _ = runtime.block_on(stopped);
            runtime.shutdown_background();
        })?;
        Ok(Self(Some(Running { process: process::id(), runtime: handle, thread, _stop: stop })))
    }

    pub(super) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        let running = self.0.as_ref().expect("taken in drop only");
        running.runtime.spawn(future).abort_handle()
    }

    pub(super) fn is_alive(&self) -> bool {
        self.0.as_ref().is_some_and(|running| running.is_here() && !running.thread.is_finished())
    }

    #[cfg(test)]
    pub(super) fn pretend_to_be_forked(&mut self) {
        let running = self.0.as_mut().expect("taken in drop only");
        running.process = running.process.wrapping_add(1);
    }
}

impl Running {
    /// A forked child has the memory of its parent's threads, but not the threads.
    fn is_here(&self) -> bool {
        self.process == process::id()
    }
}

impl Drop for DriverThread {
    fn drop(&mut self) {
        let Some(running) = self.0.take() else { return };
        if !running.is_here() {
            // Its locks may have been held when the process forked, and its sockets belong to the parent.
            mem::forget(running);
        }
    }
}

/// Does something on the calling thread as if it were the driver's: what is logged meanwhile is the SDK's.
fn as_driver<T>(work: impl FnOnce() -> T) -> T {
    let before = IS_DRIVER.replace(true);
    let result = work();
    IS_DRIVER.set(before);
    result
}

pub(super) fn is_current() -> bool {
    IS_DRIVER.get()
}
