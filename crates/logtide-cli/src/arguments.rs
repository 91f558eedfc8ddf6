//! The command line.

use clap::{ColorChoice, Parser, Subcommand};

use crate::{
    commands::{
        completions::Completions, dev::Dev, heartbeat::Heartbeat, login::Login, man::Man, query::Query,
        send::Send, stats::Stats, tail::Tail, trace::Trace,
    },
    connection::Connection,
    failure::EXIT_CODES,
    terminal::ColorWhen,
};

/// Sends logs to a LogTide server, and shows what it has.
#[derive(Debug, Parser)]
#[command(
    name = "logtide",
    version,
    color = ColorChoice::Auto,
    propagate_version = true,
    max_term_width = 100,
    after_help = EXIT_CODES,
    after_long_help = EXIT_CODES
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) connection: Connection,

    /// When to write colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t, help_heading = "Output")]
    pub(crate) color: ColorWhen,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Send(Box<Send>),
    Tail(Tail),
    Query(Query),
    Trace(Trace),
    Stats(Stats),
    Heartbeat(Heartbeat),
    Dev(Dev),
    Login(Login),
    Completions(Completions),
    Man(Man),
}
