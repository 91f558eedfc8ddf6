//! Log clients measured as whole processes.
//!
//! For every run, the program starts itself twice: as a receiver that counts what arrives over loopback HTTP, and as a logger.
//! The processor time and memory of the logger are then those of the client alone. Absolute figures vary with the machine; only
//! the ratios within one call are comparable.

pub mod clock;
mod direct;
pub mod figures;
mod logger;
mod plan;
mod process;
mod receiver;
mod summary;
mod table;
mod tally;
mod traced;
pub mod workload;

use std::{env, error::Error, fs};

pub use self::{
    direct::Direct, logger::ALLOCATIONS, plan::Plan, process::ReceiverProcess, receiver::receive,
    traced::Traced,
};
use self::{
    figures::Figures,
    plan::{Mode, Request},
    table::Table,
};

/// Any error ends the measurement.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A log client that can be measured.
pub trait Subject: Send + Sync + Sized {
    /// Sets the client up for a plan, with the plan's receiver.
    ///
    /// # Errors
    ///
    /// If the client rejects its options.
    fn start(plan: &Plan) -> Result<Self>;

    /// Logs the entry of the workload with that id.
    fn log(&self, id: u64);

    /// Waits until everything that was logged is delivered.
    fn flush(&self);

    /// Delivers what is left, and ends the client.
    ///
    /// # Errors
    ///
    /// If the client did not deliver everything.
    fn finish(self) -> Result<()>;
}

/// A client with its name in the table.
#[derive(Clone, Copy, Debug)]
pub struct Contender {
    name: &'static str,
    log: fn(&Plan) -> Result<Figures>,
    may_lose: bool,
}

impl Contender {
    /// Creates a contender of this name.
    #[must_use]
    pub const fn new<S: Subject>(name: &'static str) -> Self {
        Self { name, log: logger::run::<S>, may_lose: false }
    }

    /// A client of somebody else: entries that it loses are a figure of the table, and not an error.
    #[must_use]
    pub const fn peer<S: Subject>(name: &'static str) -> Self {
        Self { may_lose: true, ..Self::new::<S>(name) }
    }

    /// Runs the client in a process of its own with this role.
    fn run(&self, role: &str, mode: Mode, entries: u64, threads: u64) -> Result<Figures> {
        let figures = process::run(role, self.name, mode, entries, threads)?;
        if figures.missing > 0.0 && !self.may_lose {
            return Err(
                format!("{}: {} of {entries} entries did not arrive", self.name, figures.missing).into()
            );
        }
        Ok(figures)
    }
}

/// The main function: measures the contenders, or runs in one of the roles that it starts itself in. Arguments of `cargo bench`
/// are ignored.
///
/// With several contenders, the others are shown as ratios to the last.
///
/// # Errors
///
/// If the arguments are invalid, a process does not start, or a client other than a [peer](Contender::peer) lost entries.
pub fn main(contenders: &[Contender]) -> Result<()> {
    main_counting(contenders, || Ok(()))
}

/// Does the same as [`main`], in a program that adds each allocation to [`ALLOCATIONS`] after `count` was called. That happens
/// only in runs that are not timed.
///
/// # Errors
///
/// The errors of [`main`] and of `count`.
pub fn main_counting(contenders: &[Contender], count: fn() -> Result<()>) -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["receiver", held] => receive(*held == "held"),
        [role @ (TIMED | COUNTED), name, plan @ ..] => {
            if *role == COUNTED {
                count()?;
            }
            let contender = contenders.iter().find(|contender| contender.name == *name);
            let figures = (contender.ok_or("no such contender")?.log)(&Plan::parse(plan)?)?;
            process::report(&figures)
        }
        options => measure(contenders, &Request::parse(options)?),
    }
}

/// The role of a process that logs and is timed.
const TIMED: &str = "logger";

/// The role of a process that logs and counts its allocations.
const COUNTED: &str = "counted";

fn measure(contenders: &[Contender], request: &Request) -> Result<()> {
    let Request { entries, rounds, .. } = *request;
    let mut first = None;
    for mode in &request.modes {
        for threads in &request.threads {
            let mut table = Table::new(*mode, entries, *threads);
            for _ in 0..rounds {
                for contender in contenders {
                    table.add(contender.name, contender.run(TIMED, *mode, entries, *threads)?);
                }
            }
            process::report(&table)?;
            first.get_or_insert((*mode, *threads, table));
        }
    }
    if let (Some(file), Some((mode, threads, table))) = (&request.summary, first) {
        let counted = contenders
            .iter()
            .map(|contender| Ok(contender.run(COUNTED, mode, entries, threads)?.allocations));
        fs::write(file, summary::markdown(&table, &counted.collect::<Result<Vec<_>>>()?)?)?;
    }
    Ok(())
}
