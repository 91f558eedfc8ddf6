//! What the command line says.

use clap::{ColorChoice, Parser, Subcommand};

use crate::{
    commands::{
        dev::Dev, heartbeat::Heartbeat, login::Login, query::Query, send::Send, stats::Stats, tail::Tail,
        trace::Trace,
    },
    connection::Connection,
};

/// Sends logs to a LogTide server, and shows what it has.
#[derive(Debug, Parser)]
#[command(name = "logtide", version, color = ColorChoice::Auto, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) connection: Connection,

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
}
