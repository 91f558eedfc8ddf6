//! Programs and clients that log while their server fails, and what became of every entry.
//!
//! A row is a [`Scenario`] that a [`FaultServer`] plays, a [`Load`] that a program of its own logs with the client's default
//! options, and a [`Promise`]. The program says what its metrics count as lost, and the server knows which entries it confirmed.
//! A row fails when an entry is missing that the program was not told of, or when its promise is broken.
//!
//! A [`Trial`] is the same with a client in this process, whose options make it quick to retry. There is one for each fault, and one
//! for each mixture of faults. After the faults a large entry has to arrive.
//!
//! `cargo xtask faults` runs all of them and prints one table.

mod campaign;
mod catalogue;
mod command;
mod fault;
mod judge;
mod load;
mod outcome;
mod program;
mod row;
mod rows;
mod scenario;
mod server;
pub mod soak;
mod table;
mod trial;
mod trials;
mod written;

use std::{env, error::Error};

pub use self::{
    campaign::run_all,
    fault::{After, Confirmation, Endless, Fault, Framing, Http2Fault, Place, Target, TlsFault},
    load::{Ending, Load, WhenFull},
    outcome::Outcome,
    row::{Promise, Row},
    scenario::Scenario,
    server::FaultServer,
    trial::{Trial, Verdict},
};

/// Whatever goes wrong beside the faults ends the run.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The whole program: runs rows, or plays the part of the program that logs, which it starts itself for.
///
/// # Errors
///
/// The arguments are wrong, a process does not start or overruns its time, or a row fails.
pub fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, url, load] if role == program::ROLE => program::run(url, &serde_json::from_str(load)?),
        options => command::run(options),
    }
}
