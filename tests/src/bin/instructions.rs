//! Entries whose instructions are counted: `cargo xtask bench instructions` runs it.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    logtide_tests::instructions::main()
}
