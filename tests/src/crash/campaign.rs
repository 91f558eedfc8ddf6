//! The rounds.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{
    Ledger, Summary,
    disk::{self, files_of},
    logger::{self, Load},
    server::{Server, State},
};
use crate::{faults::Result, process::Process, temporary::Temporary};

/// Programs that are killed one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Crash {
    /// The number of programs to kill.
    pub rounds: u32,
    /// The number of logging threads in each program.
    pub threads: u64,
    /// The seed for the moments of the kills.
    pub seed: u64,
}

/// The longest wait for output of a program, on a loaded machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// When a program is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// This long after it was started.
    Started(Duration),
    /// This long after this many of its log calls have returned.
    Returned(u32, Duration),
    /// When it has delivered a file of an earlier program, if there is any.
    Recovered,
}

impl Moment {
    fn random(random: &mut fastrand::Rng, recovers: bool) -> Self {
        let microseconds = |random: &mut fastrand::Rng, most| Duration::from_micros(random.u64(..most));
        match random.u8(..4) {
            _ if recovers => Self::Recovered,
            0 => Self::Started(microseconds(random, 30_000)),
            1 => Self::Returned(random.u32(..4), microseconds(random, 5_000)),
            2 => Self::Returned(random.u32(..200), microseconds(random, 20_000)),
            _ => Self::Returned(1, microseconds(random, 400_000)),
        }
    }
}

impl Crash {
    /// Runs the rounds with this program, the binary `crash` of this package, and returns the result.
    ///
    /// # Errors
    ///
    /// If a process or the server does not start, or the last program does not end in time.
    pub fn run(&self, program: &Path) -> Result<Summary> {
        let (dir, server, begun) = (Temporary::new(), Server::start(self.seed)?, Instant::now());
        let mut random = fastrand::Rng::with_seed(self.seed);
        let (mut ledger, mut summary) = (Ledger::default(), Summary::new(*self));
        let mut torn = BTreeSet::new();
        for (round, state) in (0..self.rounds).zip(State::ALL.into_iter().cycle()) {
            let load = self.load(&server, state, &dir, &ledger);
            let (before, returned) = (disk::spool_files(&dir), ledger.acknowledged.len());
            // After a round with a failing server there is something to deliver.
            let moment = Moment::random(&mut random, state == State::Healthy && round % 10 > 0);
            kill(program, &load, moment, &before, &mut ledger)?;
            let (files, after) = (files_of(&dir), disk::spool_files(&dir));
            summary.early += u32::from(ledger.acknowledged.len() == returned);
            summary.recovering += u32::from(!before.is_subset(&after));
            summary.temporary += files.temporary;
            summary.most_files = summary.most_files.max(files.whole);
            let newly = after.iter().filter(|path| disk::is_torn(path) && torn.insert((*path).clone()));
            summary.torn += newly.count();
            let tears = state == State::Away || random.u8(..3) == 0;
            if let Some(youngest) = after.last().filter(|_| tears) {
                disk::tear(youngest, random.usize(1..60))?;
                summary.torn_by_hand += usize::from(torn.insert(youngest.clone()));
            }
        }
        let last = Load { threads: 0, ..self.load(&server, State::Healthy, &dir, &ledger) };
        deliver(program, &last, &mut ledger)?;
        summary.judge(&ledger, &server.stored(), files_of(&dir), begun.elapsed());
        Ok(summary)
    }

    fn load(&self, server: &Server, state: State, dir: &Path, ledger: &Ledger) -> Load {
        Load {
            url: server.enter(state),
            key: server.key().to_owned(),
            dir: dir.to_owned(),
            first: ledger.next(),
            threads: self.threads,
            interval: Duration::ZERO,
        }
    }
}

/// Starts a program on a spool with these files, kills it, and records its output.
fn kill(
    program: &Path,
    load: &Load,
    moment: Moment,
    files: &BTreeSet<PathBuf>,
    ledger: &mut Ledger,
) -> Result<()> {
    let mut process = start(program, load)?;
    let deadline = Instant::now() + TIMEOUT;
    let until = match moment {
        Moment::Started(delay) => Instant::now() + delay,
        Moment::Returned(mut left, delay) => {
            while left > 0 {
                let (_, line) = process.next_line(deadline)?;
                left -= u32::from(ledger.note(&line.ok_or("the program ended by itself")?)?);
            }
            Instant::now() + delay
        }
        Moment::Recovered => {
            while !files.is_empty() && files.is_subset(&disk::spool_files(&load.dir)) {
                if Instant::now() >= deadline {
                    return Err("a program does not deliver what an earlier one has left".into());
                }
                note_until(&mut process, Instant::now() + Duration::from_millis(5), ledger)?;
            }
            Instant::now()
        }
    };
    note_until(&mut process, until, ledger)?;
    process.kill()?;
    while let (_, Some(line)) = process.next_line(deadline)? {
        ledger.note(&line)?;
    }
    Ok(())
}

fn note_until(process: &mut Process, until: Instant, ledger: &mut Ledger) -> Result<()> {
    while let Some((_, Some(line))) = process.poll_line(until) {
        ledger.note(&line)?;
    }
    Ok(())
}

/// Runs a program that only delivers.
fn deliver(program: &Path, load: &Load, ledger: &mut Ledger) -> Result<()> {
    let deadline = Instant::now() + TIMEOUT * 2;
    let mut process = start(program, load)?;
    while let (_, Some(line)) = process.next_line(deadline)? {
        ledger.note(&line)?;
    }
    process.finish(deadline).map(drop)
}

fn start(program: &Path, load: &Load) -> Result<Process> {
    Process::start(program, &[logger::ROLE, &serde_json::to_string(load)?])
}
