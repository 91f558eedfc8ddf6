//! Programs that are killed while they log, and the fate of every entry whose log call had returned.
//!
//! A [`Crash`] repeatedly starts a program on the same spool. The program logs at full speed with
//! [`Durability::Always`](logtide::Durability::Always) from several threads. It reports when each log call begins and returns,
//! and is killed at a random moment. In the meantime the server is up, down, slow or broken. A last program only delivers what
//! the others left. Then every entry whose log call had returned must be in the database of the embedded server.
//!
//! `cargo xtask crash` runs it and prints the results.

mod campaign;
mod command;
mod disk;
mod ledger;
mod logger;
mod server;
mod summary;

use std::env;

pub use self::{campaign::Crash, summary::Summary};
pub(crate) use self::{
    disk::{Files, files_of},
    ledger::Ledger,
    logger::{Load, ROLE, run},
};
use crate::faults::Result;

/// The main function: runs the rounds, or, when started as one, the program that is killed.
///
/// # Errors
///
/// If the arguments are invalid, a process does not start or takes too long, or an entry is missing.
pub fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, load] if role == ROLE => run(load),
        options => command::run(options),
    }
}
