//! A program that logs for a long time while its server fails now and then, and what it costs meanwhile.
//!
//! The program is a process of its own, so that the server's books do not count as its memory. It logs at a steady rate from four
//! threads, and closes its client now and then for another one on the same spool. From time to time a second program shares the spool and
//! is killed. After the last fault the server is healthy until nothing is pending.
//!
//! A [`Soak`] fails when an entry is missing that was not counted as dropped, or one is there that was not logged, or when memory or
//! handles of the program have grown: the last third of the time is compared with the first.
//!
//! `cargo xtask soak` runs it and prints a line a minute.

mod command;
mod line;
mod logger;
mod run;
mod sample;
mod summary;
mod weather;

use std::env;

pub use self::{line::Line, run::Soak, summary::Summary};
use super::Result;
use crate::crash;

/// The whole program: runs a soak, or plays the part of a program that logs, which it starts itself for.
///
/// # Errors
///
/// The arguments are wrong, a process fails, or the soak does.
pub fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, url, dir, rate] if role == logger::ROLE => logger::run(url, dir.as_ref(), rate.parse()?),
        [role, load] if role == crash::ROLE => crash::run(load),
        options => command::run(options),
    }
}
