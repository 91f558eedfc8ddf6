//! Programs and clients that log while their server fails, and the fate of every entry.
//!
//! A row is a [`Scenario`] for a [`FaultServer`], a [`Load`] that a separate program logs with the client's default options, and
//! a [`Promise`]. The program reports what its metrics count as lost, and the server knows which entries it confirmed. A row
//! fails if an entry is missing that was not counted, or if its promise is broken.
//!
//! A [`Trial`] is the same with a client in this process, whose options make it retry quickly. There is one for each fault, and
//! one for each mixture of faults. After the faults, a large entry must arrive.
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

/// Any error other than a fault ends the run.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The main function: runs rows, or, when started as one, the program that logs.
///
/// # Errors
///
/// If the arguments are invalid, a process does not start or takes too long, or a row fails.
pub fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, url, load] if role == program::ROLE => program::run(url, &serde_json::from_str(load)?),
        options => command::run(options),
    }
}
