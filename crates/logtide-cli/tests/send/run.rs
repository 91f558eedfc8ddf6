//! The command as a child process.

use std::{
    io::{Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use logtide_devserver::{DevServer, StoredEntry};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

/// Longer than anything takes here.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// Returns the command with arguments, for a server.
pub(crate) fn command(server: &DevServer, arguments: &[&str]) -> Command {
    command_at(server.url(), server.api_key(), arguments)
}

/// Returns the command with arguments, for an address and a key.
pub(crate) fn command_at(url: &str, key: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logtide"));
    command.env_clear().env("LOGTIDE_API_URL", url).env("LOGTIDE_API_KEY", key).arg("send").args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the command with this input until it ends.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child = Running::start(command);
    let mut stdin = child.stdin();
    thread::scope(|scope| {
        scope.spawn(move || {
            let _ = stdin.write_all(input);
        });
        child.end()
    })
}

/// A running command, which is killed when it is dropped.
pub(crate) struct Running(Option<Child>);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(Some(command.stdin(Stdio::piped()).spawn().expect("the command starts")))
    }

    pub(crate) fn stdin(&mut self) -> ChildStdin {
        self.child().stdin.take().expect("it has an input")
    }

    pub(crate) fn signal(&mut self, signal: Signal) {
        kill(Pid::from_raw(self.child().id().cast_signed()), signal).expect("it runs");
    }

    pub(crate) fn stdout(&mut self) -> ChildStdout {
        self.child().stdout.take().expect("it has an output")
    }

    /// Closes the reading end of its standard output.
    pub(crate) fn close_stdout(&mut self) {
        self.child().stdout.take();
    }

    /// Returns its peak memory in KiB.
    #[cfg(target_os = "linux")]
    pub(crate) fn peak_memory(&mut self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child().id()));
        let status = status.expect("it runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it is told");
        peak.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child().try_wait().expect("it is a child").is_some()
    }

    /// Waits until it ends, and returns its output.
    pub(crate) fn end(mut self) -> Output {
        let mut child = self.0.take().expect("it runs");
        let read = |from: Option<Box<dyn Read + Send>>| {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                if let Some(mut from) = from {
                    let _ = from.read_to_end(&mut bytes);
                }
                bytes
            })
        };
        let stdout = read(child.stdout.take().map(|out| Box::new(out) as _));
        let stderr = read(child.stderr.take().map(|out| Box::new(out) as _));
        let status = wait(&mut child);
        let text = |thread: thread::JoinHandle<Vec<u8>>| thread.join().expect("it reads");
        Output { status, stdout: text(stdout), stderr: text(stderr) }
    }

    fn child(&mut self) -> &mut Child {
        self.0.as_mut().expect("it runs")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn wait(child: &mut Child) -> ExitStatus {
    let deadline = Instant::now() + LONG * 2;
    loop {
        if let Some(status) = child.try_wait().expect("it is a child") {
            return status;
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("the command does not end");
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until a condition is true.
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONG;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Asserts that it succeeded, and returns standard error.
pub(crate) fn success(output: &Output) -> String {
    ended(output, 0)
}

/// Asserts the exit code, and returns standard error.
pub(crate) fn ended(output: &Output, code: i32) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

/// Returns the messages on the server, in the order of arrival.
pub(crate) fn messages(server: &DevServer) -> Vec<String> {
    server.stored().into_iter().map(|entry| entry.message).collect()
}

/// Returns the metadata of an entry, without the name of the SDK.
pub(crate) fn metadata(entry: &StoredEntry) -> Value {
    let mut metadata = entry.metadata.clone().unwrap_or_default();
    if let Some(fields) = metadata.as_object_mut() {
        fields.remove("sdk");
    }
    metadata
}

/// Returns the only entry on the server.
pub(crate) fn only(server: &DevServer) -> StoredEntry {
    let mut stored = server.stored();
    assert_eq!(stored.len(), 1, "{stored:?}");
    stored.remove(0)
}
