//! The commands.

pub(crate) mod dev;
pub(crate) mod heartbeat;
pub(crate) mod login;
pub(crate) mod query;
pub(crate) mod send;
pub(crate) mod stats;
pub(crate) mod tail;
pub(crate) mod trace;

use std::process::ExitCode;

use crate::{
    arguments::{Arguments, Command},
    failure::Failure,
};

pub(crate) fn run(Arguments { connection, command }: Arguments) -> Result<ExitCode, Failure> {
    match command {
        Command::Send(command) => command.run(&connection),
        Command::Tail(command) => command.run(&connection),
        Command::Query(command) => command.run(&connection),
        Command::Trace(command) => command.run(&connection),
        Command::Stats(command) => command.run(&connection),
        Command::Heartbeat(command) => command.run(&connection),
        Command::Dev(command) => command.run(),
        Command::Login(command) => command.run(&connection),
    }
}
