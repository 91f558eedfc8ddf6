//! One line of the table.

use std::{
    fmt,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{
    FaultServer, Load, Outcome, Result, Scenario,
    program::{self, Told},
};
use crate::{process::Process, temporary::Temporary};

/// The time that a program may need beyond its load: to start, to close, and on a loaded machine.
const SLACK: Duration = Duration::from_secs(40);

/// A program, the server that it logs to, and what must hold.
#[derive(Clone, Debug)]
pub struct Row {
    pub(super) name: String,
    pub(super) scenario: Scenario,
    pub(super) load: Load,
    pub(super) promise: Promise,
    slack: Duration,
    /// With a spool: the time after the start when the fault ends and another program follows.
    spooled: Option<Duration>,
}

/// What must hold, in addition to ending in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// The server confirms every entry.
    NothingLost,
    /// Every entry is confirmed or counted as lost.
    LossesTold,
    /// Every entry is confirmed or counted as lost. Some may be both: confirmed in a response that did not arrive, and then
    /// rejected.
    NothingSilent,
    /// The program ends before its losses are known, and only has to end in time.
    EndsInTime,
}

impl Row {
    /// Creates a row without losses.
    #[must_use]
    pub fn new(name: impl Into<String>, scenario: Scenario, load: Load) -> Self {
        Self { name: name.into(), scenario, load, promise: Promise::NothingLost, slack: SLACK, spooled: None }
    }

    /// Sets another promise.
    #[must_use]
    pub const fn promising(mut self, promise: Promise) -> Self {
        self.promise = promise;
        self
    }

    /// Gives the program a spool. After this time and the end of the program, another one starts on the same directory, logs
    /// nothing and closes.
    #[must_use]
    pub const fn spooled(mut self, away: Duration) -> Self {
        self.spooled = Some(away);
        self
    }

    /// Sets the time limit beyond the time of the load. Default 40 s.
    #[must_use]
    pub const fn slack(mut self, slack: Duration) -> Self {
        self.slack = slack;
        self
    }

    /// Whether it keeps a processor busy and would slow down other rows.
    pub(super) const fn is_busy(&self) -> bool {
        self.load.over.is_zero() && self.load.entries > 1_000
    }

    /// Runs the program, the binary `faults` of this package, and returns the result.
    ///
    /// # Errors
    ///
    /// If the server or the program does not start, fails, or takes too long.
    pub fn run(&self, program: &Path) -> Result<Outcome> {
        let server = FaultServer::start(self.scenario.clone())?;
        let dir = self.spooled.map(|_| Temporary::new());
        let mut load = self.load.clone();
        load.spool = dir.as_ref().map(|dir| dir.to_path_buf());
        let began = Instant::now();
        let Run { mut told, exit, complaints } = self.run_once(program, &server, &load)?;
        if let Some(away) = self.spooled {
            let over = began + away;
            while Instant::now() < over {
                thread::park_timeout(over - Instant::now());
            }
            let mut next = Load::new(0, Duration::ZERO);
            next.spool = load.spool;
            let after = self.run_once(program, &server, &next)?.told;
            // The next program delivers what the first one left, or loses it.
            (told.sent, told.pending) = (told.sent + after.recovered_sent, after.spooled);
            told.dropped += after.recovered_lost;
            told.report = told.report.map(|_| (told.dropped, told.pending));
        }
        Ok(Outcome::new(self, &told, &server.stop()?, exit, complaints))
    }

    fn run_once(&self, program: &Path, server: &FaultServer, load: &Load) -> Result<Run> {
        let deadline = Instant::now() + load.over + load.settles + self.slack;
        let load = serde_json::to_string(load)?;
        let mut process = Process::start(program, &[program::ROLE, &server.url(), &load])?;
        let (mut told, mut ending) = (None, None);
        let ended = loop {
            match process.next_line(deadline)? {
                (_, Some(line)) if line == program::BEGIN => server.begin(),
                (at, Some(line)) if line == program::END => ending = Some(at),
                (_, Some(line)) => {
                    told = Some(serde_json::from_str(&line).map_err(|error| format!("{line}: {error}"))?);
                }
                (at, None) => break at,
            }
        };
        let complaints = process.finish(deadline)?;
        let (told, ending) = told.zip(ending).ok_or("the program did not say what it knows")?;
        Ok(Run { told, exit: ended - ending, complaints })
    }
}

/// The reports of a program, and how it ended.
struct Run {
    told: Told,
    exit: Duration,
    complaints: String,
}

impl fmt::Display for Promise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::NothingLost => "loses nothing",
            Self::LossesTold => "tells every loss",
            Self::NothingSilent => "loses nothing in silence",
            Self::EndsInTime => "ends in time",
        })
    }
}
