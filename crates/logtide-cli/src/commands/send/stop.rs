//! SIGINT and SIGTERM.

use std::{
    io::{self, Write as _},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

/// The exit code after a second signal.
const ENDED_BY_SIGNAL: i32 = 130;

/// Whether the command was asked to end. A second signal ends the process at once.
#[derive(Debug)]
pub(super) struct Stop {
    asked: Arc<AtomicBool>,
    wake: io::PipeReader,
    waker: io::PipeWriter,
}

/// The result of a wait for input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ready {
    Input,
    Timeout,
    Stop,
}

impl Stop {
    /// Starts to handle the signals.
    pub(super) fn install() -> io::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        let (wake, waker) = io::pipe()?;
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_shutdown(signal, ENDED_BY_SIGNAL, asked.clone())?;
            flag::register(signal, asked.clone())?;
            #[cfg(unix)]
            signal_hook::low_level::pipe::register(signal, waker.try_clone()?)?;
        }
        Ok(Self { asked, wake, waker })
    }

    /// Whether the command was asked to end.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Ends the reading, as a signal does.
    pub(super) fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
        let _ = (&self.waker).write(&[0]);
    }

    /// Waits until there is input, the time is up, or the command is asked to end.
    #[cfg(unix)]
    pub(super) fn wait(
        &self,
        input: &impl std::os::fd::AsFd,
        timeout: Option<Duration>,
    ) -> io::Result<Ready> {
        use std::os::fd::AsFd as _;

        let fds = [input.as_fd(), self.wake.as_fd()];
        if self.is_asked() {
            return Ok(Ready::Stop);
        }
        Ok(match poll(fds, timeout)? {
            _ if self.is_asked() => Ready::Stop,
            [true, _] => Ready::Input,
            _ => Ready::Timeout,
        })
    }

    /// Waits until there is input or the time is up, even if the command was asked to end.
    #[cfg(unix)]
    pub(super) fn wait_for_rest(input: &impl std::os::fd::AsFd, timeout: Duration) -> io::Result<bool> {
        poll([input.as_fd()], Some(timeout)).map(|[ready]| ready)
    }

    /// On systems where a read cannot be waited for, reading begins at once.
    #[cfg(not(unix))]
    pub(super) fn wait<T>(&self, _input: &T, _timeout: Option<Duration>) -> io::Result<Ready> {
        let _ = &self.wake;
        Ok(if self.is_asked() { Ready::Stop } else { Ready::Input })
    }

    #[cfg(not(unix))]
    pub(super) fn wait_for_rest<T>(_input: &T, _timeout: Duration) -> io::Result<bool> {
        Ok(false)
    }
}

/// Returns which of them can be read or have ended.
#[cfg(unix)]
fn poll<const N: usize>(
    fds: [std::os::fd::BorrowedFd<'_>; N],
    timeout: Option<Duration>,
) -> io::Result<[bool; N]> {
    use nix::{
        errno::Errno,
        poll::{PollFd, PollFlags, PollTimeout, poll},
    };

    let mut polled = fds.map(|fd| PollFd::new(fd, PollFlags::POLLIN));
    // Rounds up: less than a millisecond would not wait.
    let millis = timeout.map(|timeout| timeout.as_millis().saturating_add(1).min(60_000) as u16);
    match poll(&mut polled, millis.map_or(PollTimeout::NONE, PollTimeout::from)) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(polled.map(|fd| fd.revents().is_some_and(|events| !events.is_empty())))
}
