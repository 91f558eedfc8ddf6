//! The command as a user runs it, against the embedded server.

mod canned;
mod failures;
mod generated;
mod help;
mod picture;
mod query;
mod running;
mod setup;
mod shown;
mod stats;
mod trace;

#[cfg(unix)]
mod heartbeat;
#[cfg(unix)]
mod login;
#[cfg(unix)]
mod pipes;
#[cfg(unix)]
mod tail;
#[cfg(unix)]
mod terminal;
