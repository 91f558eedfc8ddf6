//! The processes of a run.

use std::{
    env,
    fmt::Display,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{
    Figures, Result,
    plan::{Mode, Plan},
    receiver::{RELEASE, TALLY},
    tally::Counts,
};

/// The time limit of a run.
const LIMIT: Duration = Duration::from_secs(180);

/// A receiver in a separate process, which ends when this is dropped.
#[derive(Debug)]
pub struct ReceiverProcess {
    _process: Process,
    address: String,
}

impl ReceiverProcess {
    /// Starts this program as a receiver. A held one confirms nothing before it is released.
    ///
    /// # Errors
    ///
    /// If the process does not start.
    pub fn start(held: bool) -> Result<Self> {
        let mut process = Process::start(["receiver", if held { "held" } else { "open" }])?;
        let address = process.read_line()?;
        Ok(Self { _process: process, address })
    }

    /// Returns its address, `host:port`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Checks that each id below `entries` arrived once.
    ///
    /// # Errors
    ///
    /// If entries are missing or arrived twice.
    pub fn check(&self, entries: u64) -> Result<()> {
        match self.arrived(entries)?.missing {
            0 => Ok(()),
            missing => Err(format!("{missing} of {entries} entries did not arrive").into()),
        }
    }

    /// What arrived of the ids below `entries`. None of them may come twice.
    fn arrived(&self, entries: u64) -> Result<Arrived> {
        let Counts { distinct, repeated, requests, bytes } = get(&self.address, TALLY)?.parse()?;
        if repeated > 0 {
            return Err(format!("{distinct} of {entries} entries arrived, and {repeated} once more").into());
        }
        Ok(Arrived { missing: entries - distinct, requests, bytes })
    }

    /// Lets the receiver at this address respond from now on.
    pub(super) fn release(address: &str) -> Result<()> {
        get(address, RELEASE).map(drop)
    }
}

/// What a receiver got: entries that did not arrive, requests, and bytes of their bodies.
struct Arrived {
    missing: u64,
    requests: u64,
    bytes: u64,
}

/// Prints a line for the parent process.
pub(super) fn report(text: &impl Display) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

/// Runs one client in a separate process with this role, and a receiver in another.
pub(super) fn run(role: &str, name: &str, mode: Mode, entries: u64, threads: u64) -> Result<Figures> {
    let receiver = ReceiverProcess::start(mode == Mode::Burst)?;
    let plan = Plan { mode, entries, threads, address: receiver.address.clone() };
    let arguments = plan.arguments();
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    arguments.splice(0..0, [role, name]);
    let mut logger = Process::start(arguments)?;
    let mut figures: Figures = logger.read_line().map_err(|error| format!("{name}: {error}"))?.parse()?;
    let arrived = receiver.arrived(entries).map_err(|error| format!("{name}: {error}"))?;
    figures.requests = arrived.requests as f64;
    figures.bytes = arrived.bytes as f64 / (entries - arrived.missing) as f64;
    figures.missing = arrived.missing as f64;
    Ok(figures)
}

#[derive(Debug)]
struct Process {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Process {
    fn start<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or("the output is a pipe")?;
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(|line| line.ok()) {
                let _ = sender.send(line);
            }
        });
        Ok(Self { child, lines })
    }

    fn read_line(&mut self) -> Result<String> {
        self.lines.recv_timeout(LIMIT).map_err(|error| match error {
            mpsc::RecvTimeoutError::Timeout => format!("no answer within {} s", LIMIT.as_secs()).into(),
            mpsc::RecvTimeoutError::Disconnected => "the process failed, see above".into(),
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn get(address: &str, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n")?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("the receiver does not answer")?;
    Ok(body.to_owned())
}
