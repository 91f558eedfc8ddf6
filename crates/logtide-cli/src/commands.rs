//! The commands.

pub(crate) mod completions;
pub(crate) mod dev;
pub(crate) mod heartbeat;
pub(crate) mod login;
pub(crate) mod man;
pub(crate) mod query;
pub(crate) mod send;
pub(crate) mod stats;
pub(crate) mod tail;
pub(crate) mod trace;

use std::process::ExitCode;

use crate::{
    arguments::{Arguments, Command},
    failure::Failure,
    terminal::Terminal,
};

pub(crate) fn run(Arguments { connection, color, command }: Arguments) -> Result<ExitCode, Failure> {
    let terminal = Terminal::of_output(color);
    if matches!(command, Command::Dev(_) | Command::Completions(_) | Command::Man(_)) {
        connection.refuse_flags()?;
    }
    match command {
        Command::Send(command) => command.run(&connection),
        Command::Tail(command) => command.run(&connection, terminal),
        Command::Query(command) => command.run(&connection, terminal),
        Command::Trace(command) => command.run(&connection, terminal),
        Command::Stats(command) => command.run(&connection, terminal),
        Command::Heartbeat(command) => command.run(&connection),
        Command::Dev(command) => command.run(),
        Command::Login(command) => command.run(&connection),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    }
}
