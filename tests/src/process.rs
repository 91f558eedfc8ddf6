//! A child process.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::faults::Result;

/// A process that is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    lines: mpsc::Receiver<Line>,
    complaints: Option<JoinHandle<String>>,
}

/// A line of the output with its time, or the end of the output and so of the process.
pub(crate) type Line = (Instant, Option<String>);

impl Process {
    /// Starts the program with these arguments, without the proxies of the environment.
    pub(crate) fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(arguments);
        for (name, _) in env::vars_os() {
            let name_in_capitals = name.to_string_lossy().to_ascii_uppercase();
            if name_in_capitals.ends_with("_PROXY") || name_in_capitals.starts_with("LOGTIDE_") {
                command.env_remove(name);
            }
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let (output, complaints) =
            child.stdout.take().zip(child.stderr.take()).ok_or("the output is a pipe")?;
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let read = BufReader::new(output).lines().map_while(std::result::Result::ok).map(Some);
            for line in read.chain([None]) {
                // The receiver is dropped if the process took too long.
                let _ = sender.send((Instant::now(), line));
            }
        });
        let complaints = thread::spawn(move || {
            let mut text = Vec::new();
            // What was read before an error is still useful.
            let _ = BufReader::new(complaints).read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Ok(Self { child, lines, complaints: Some(complaints) })
    }

    /// Returns the process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Writes a line to the standard input of the process.
    pub(crate) fn tell(&mut self, line: &str) -> Result<()> {
        let input = self.child.stdin.as_mut().ok_or("the input is a pipe")?;
        Ok(writeln!(input, "{line}")?)
    }

    /// Returns the next line if it arrives in time.
    pub(crate) fn poll_line(&mut self, until: Instant) -> Option<Line> {
        self.lines.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
    }

    /// Kills the process with SIGKILL, and waits until it has ended. Its lines can still be read.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits for the next line.
    ///
    /// # Errors
    ///
    /// If the deadline passes. The process is then killed.
    pub(crate) fn next_line(&mut self, deadline: Instant) -> Result<Line> {
        if let Some(line) = self.poll_line(deadline) {
            return Ok(line);
        }
        self.child.kill()?;
        Err(format!("the program overran its time and was ended. {}", self.complaints()).into())
    }

    /// Returns what a process that has ended wrote to standard error.
    ///
    /// # Errors
    ///
    /// If its exit status is not 0.
    pub(crate) fn finish(mut self, deadline: Instant) -> Result<String> {
        let status = loop {
            // The output has ended, so the process ends within moments.
            match self.child.try_wait()? {
                Some(status) => break status,
                None if Instant::now() >= deadline => return Err("the program does not end".into()),
                None => thread::park_timeout(Duration::from_millis(1)),
            }
        };
        let complaints = self.complaints();
        if status.success() { Ok(complaints) } else { Err(format!("{status}: {complaints}").into()) }
    }

    /// Returns what a process that has ended wrote to standard error.
    fn complaints(&mut self) -> String {
        self.complaints.take().and_then(|thread| thread.join().ok()).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
