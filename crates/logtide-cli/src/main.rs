//! The `logtide` command.

mod arguments;
mod commands;
mod connection;
mod failure;
mod filters;
mod output;
mod sanitize;
mod stop;
mod terminal;
mod times;

use std::process::ExitCode;

use clap::Parser;

use self::arguments::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::run(arguments) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
