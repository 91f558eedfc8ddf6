//! Scenarios across the crates of the SDK, one module each.

mod backlog;
mod conformance;
mod exactly_once;
mod flush_and_close;
mod poison;
mod simulation;
