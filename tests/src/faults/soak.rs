//! A program that logs for a long time while its server fails at times, and the resources that it uses.
//!
//! The program is a separate process, so that the server's record does not count as its memory. It logs at a steady rate from
//! four threads, and at times closes its client and opens another on the same spool. From time to time a second program uses the
//! spool too and is killed. After the last fault, the server is healthy until nothing is pending.
//!
//! A [`Soak`] fails if an entry is missing that was not counted as dropped, or is stored that was not logged. It also fails if
//! the memory or handles of the program have grown from the first third of the time to the last.
//!
//! `cargo xtask soak` runs it and prints a line a minute.

mod command;
mod line;
mod logger;
mod run;
mod sample;
mod schedule;
mod summary;

use std::env;

pub use self::{line::Line, run::Soak, summary::Summary};
use super::Result;
use crate::crash;

/// The main function: runs a soak, or, when started as one, a program that logs.
///
/// # Errors
///
/// If the arguments are invalid, a process fails, or the soak fails.
pub fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, url, dir, rate] if role == logger::ROLE => logger::run(url, dir.as_ref(), rate.parse()?),
        [role, load] if role == crash::ROLE => crash::run(load),
        options => command::run(options),
    }
}
