//! The process of a program that logs, as its parent sees it.

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

/// A process that is killed when it is still there as this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    lines: mpsc::Receiver<Line>,
    complaints: Option<JoinHandle<String>>,
}

/// A line of the output and when it came, or the end of the output, which is that of the process.
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
                // Nobody listens once the process has overrun its time.
                let _ = sender.send((Instant::now(), line));
            }
        });
        let complaints = thread::spawn(move || {
            let mut text = Vec::new();
            // What was read before an error is worth showing.
            let _ = BufReader::new(complaints).read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Ok(Self { child, lines, complaints: Some(complaints) })
    }

    /// The system's number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Writes a line that the process reads from its standard input.
    pub(crate) fn tell(&mut self, line: &str) -> Result<()> {
        let input = self.child.stdin.as_mut().ok_or("the input is a pipe")?;
        Ok(writeln!(input, "{line}")?)
    }

    /// The next line, if it comes by that time.
    pub(crate) fn poll_line(&mut self, until: Instant) -> Option<Line> {
        self.lines.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
    }

    /// Ends the process as it is, with SIGKILL, and waits until it is gone. Its lines can still be read.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits for the next line.
    ///
    /// # Errors
    ///
    /// The deadline has passed; the process is ended then.
    pub(crate) fn next_line(&mut self, deadline: Instant) -> Result<Line> {
        if let Some(line) = self.poll_line(deadline) {
            return Ok(line);
        }
        self.child.kill()?;
        Err(format!("the program overran its time and was ended. {}", self.complaints()).into())
    }

    /// Gives what a process that has ended wrote to standard error.
    ///
    /// # Errors
    ///
    /// It ended with another status than 0.
    pub(crate) fn finish(mut self, deadline: Instant) -> Result<String> {
        let status = loop {
            // Its output has ended, so this takes a moment at most.
            match self.child.try_wait()? {
                Some(status) => break status,
                None if Instant::now() >= deadline => return Err("the program does not end".into()),
                None => thread::park_timeout(Duration::from_millis(1)),
            }
        };
        let complaints = self.complaints();
        if status.success() { Ok(complaints) } else { Err(format!("{status}: {complaints}").into()) }
    }

    /// What a process that has ended wrote to standard error.
    fn complaints(&mut self) -> String {
        self.complaints.take().and_then(|thread| thread.join().ok()).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A process that has ended is all that is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
