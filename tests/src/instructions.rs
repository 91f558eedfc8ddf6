//! A program for counting instructions. It logs entries in one way, and does nothing else that grows with their number.
//!
//! `cargo xtask bench instructions` runs it under callgrind with two numbers of entries. The difference is the cost of the
//! entries.

mod case;
mod full_buffer;
mod request;

use std::{env, error::Error};

use self::case::Case;

/// Any error ends the program.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The main function. `CASE ENTRIES MOST` logs `ENTRIES` entries, where `MOST` is the most in any run. Without arguments it lists
/// the cases.
///
/// # Errors
///
/// If the arguments are invalid, or an entry was not handled as the case requires.
pub fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => Case::list(&mut std::io::stdout()),
        [case, entries, most] => Case::find(case)?.run(entries.parse()?, most.parse()?),
        _ => Err("give a case, the entries to log, and the most that are logged in any run".into()),
    }
}
