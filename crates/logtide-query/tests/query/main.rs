//! The query client against scripted answers, of servers 1.0.2 and 0.5.0.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod arbitrary;
mod failures;
mod heartbeat;
mod lookup;
mod pages;
mod rate_limit;
mod runtimes;
mod search;
mod setup;
mod statistics;
mod trace;
mod traces;
