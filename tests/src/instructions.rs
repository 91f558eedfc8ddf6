//! A program whose instructions are counted: it logs entries in one way, and does nothing else that grows with their number.
//!
//! `cargo xtask bench instructions` runs it under callgrind with two numbers of entries. What differs is what entries cost.

mod case;
mod full_buffer;
mod request;

use std::{env, error::Error};

use self::case::Case;

/// Whatever goes wrong ends the program.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The whole program: `CASE ENTRIES MOST` logs so many entries, of at most so many in any run; without arguments it lists the cases.
///
/// # Errors
///
/// The arguments are wrong, or an entry was not dealt with as the case says.
pub fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => Case::list(&mut std::io::stdout()),
        [case, entries, most] => Case::find(case)?.run(entries.parse()?, most.parse()?),
        _ => Err("give a case, the entries to log, and the most that are logged in any run".into()),
    }
}
