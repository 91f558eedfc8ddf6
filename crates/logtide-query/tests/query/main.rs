//! The query client against scripted answers, of servers 1.0.2 and 0.5.0.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod failures;
mod runtimes;
mod search;
mod setup;
mod trace;
