//! Programs that are killed while they log, and what became of every entry whose log call had returned.
//!
//! A [`Crash`] starts a program again and again on the same spool. It logs at full speed with
//! [`Durability::Always`](logtide::Durability::Always) from several threads, says of each entry when its log call begins and when it has
//! returned, and is killed at a random moment. The server is there, away, slow or broken meanwhile. A last program only delivers what
//! the others left. Then every entry whose log call had returned is in the database of the embedded server.
//!
//! `cargo xtask crash` runs it and prints what happened.

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

/// The whole program: runs the rounds, or plays the part of the program that is killed, which it starts itself for.
///
/// # Errors
///
/// The arguments are wrong, a process does not start or overruns its time, or an entry is missing.
pub fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, load] if role == ROLE => run(load),
        options => command::run(options),
    }
}
