//! Signals that ask the command to end.

use std::{io, process, thread};

use tokio::{runtime::Builder, sync::watch};

use crate::failure::Failure;

/// The exit code after a second signal.
const ENDED_BY_SIGNAL: i32 = 130;

/// Notifies of SIGINT or SIGTERM, or Ctrl-C on Windows. A second signal ends the process at once.
#[derive(Debug)]
pub(crate) struct StopSignal(watch::Receiver<bool>);

impl StopSignal {
    /// Starts to handle the signals.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let (sender, receiver) = watch::channel(false);
        let failed =
            |error: io::Error| Failure::new(Failure::PARTIAL, format_args!("cannot handle signals: {error}"));
        let runtime = Builder::new_current_thread().enable_io().build().map_err(failed)?;
        let mut signals = runtime.block_on(async { Signals::new() }).map_err(failed)?;
        let listen = move || {
            runtime.block_on(async move {
                signals.next().await;
                sender.send_replace(true);
                signals.next().await;
                process::exit(ENDED_BY_SIGNAL);
            });
        };
        // Uses its own thread, since the others may block on a pipe that nobody reads.
        thread::Builder::new().name("logtide-signals".to_owned()).spawn(listen).map_err(failed)?;
        Ok(Self(receiver))
    }

    /// Waits for the first signal.
    pub(crate) async fn requested(&mut self) {
        if self.0.wait_for(|requested| *requested).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
