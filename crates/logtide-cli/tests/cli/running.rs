//! A running command.

use std::{
    io::{BufRead as _, BufReader, Read},
    process::{Child, Command, ExitStatus},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::setup::{DEADLINE, Done};

/// A running command, which is killed when it is dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    stdout: Lines,
    stderr: Lines,
    _home: TempDir,
}

/// The lines of an output, as they are written.
struct Lines {
    receiver: Receiver<String>,
    read: Vec<String>,
}

impl Running {
    pub(crate) fn start(mut command: Command, home: TempDir) -> Self {
        let mut child = command.spawn().expect("the command starts");
        let stdout = Lines::of(child.stdout.take().expect("a pipe"));
        let stderr = Lines::of(child.stderr.take().expect("a pipe"));
        Self { child, stdout, stderr, _home: home }
    }

    /// Waits for a line with this text on standard output.
    pub(crate) fn wait_for(&mut self, text: &str) {
        if let Err(error) = self.stdout.wait_for(text) {
            self.stderr.drain();
            panic!("{error}; standard error: {:?}", self.stderr.read);
        }
    }

    /// Whether a line with this text appears on standard output in time.
    pub(crate) fn shows(&mut self, text: &str, time: Duration) -> bool {
        self.stdout.wait(text, time).is_ok()
    }

    /// Waits for a line with this text on standard error.
    pub(crate) fn wait_for_error(&mut self, text: &str) {
        self.stderr.wait_for(text).unwrap_or_else(|error| panic!("{error}"));
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: nix::sys::signal::Signal) {
        let id = nix::unistd::Pid::from_raw(self.child.id().try_into().expect("an id"));
        nix::sys::signal::kill(id, signal).expect("the command runs");
    }

    /// Waits until the command ends.
    pub(crate) fn end(mut self) -> Done {
        self.stdout.read_all();
        self.stderr.read_all();
        let status = wait(&mut self.child);
        Done {
            code: status.code().expect("no signal ends the command"),
            stdout: self.stdout.read.concat(),
            stderr: self.stderr.read.concat(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until a process ends whose output is closed.
pub(crate) fn wait(child: &mut Child) -> ExitStatus {
    let deadline = Instant::now() + DEADLINE;
    loop {
        match child.try_wait().expect("the child can be waited for") {
            Some(status) => return status,
            None => assert!(Instant::now() < deadline, "the command does not end"),
        }
        thread::yield_now();
    }
}

impl Lines {
    fn of(pipe: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut pipe = BufReader::new(pipe);
            loop {
                let mut line = Vec::new();
                match pipe.read_until(b'\n', &mut line) {
                    Ok(0) | Err(_) => break,
                    Ok(_) => drop(sender.send(String::from_utf8(line).expect("the output is UTF-8"))),
                }
            }
        });
        Self { receiver, read: Vec::new() }
    }

    fn wait_for(&mut self, text: &str) -> Result<(), String> {
        self.wait(text, DEADLINE)
    }

    fn wait(&mut self, text: &str, time: Duration) -> Result<(), String> {
        if self.read.iter().any(|line| line.contains(text)) {
            return Ok(());
        }
        let deadline = Instant::now() + time;
        loop {
            match self.receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.read.push(line);
                    if self.read.last().is_some_and(|line| line.contains(text)) {
                        return Ok(());
                    }
                }
                Err(_) => return Err(format!("there is no line with `{text}`, only {:?}", self.read)),
            }
        }
    }

    fn read_all(&mut self) {
        loop {
            match self.receiver.recv_timeout(DEADLINE) {
                Ok(line) => self.read.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the command does not end: {:?}", self.read),
            }
        }
    }

    fn drain(&mut self) {
        self.read.extend(self.receiver.try_iter());
    }
}
