//! Helpers shared by the scenarios of the `it` binary and by the benchmarks.

pub mod chain;
pub mod entries;
pub mod fuzz;
pub mod measure;
pub mod scripted;
pub mod setup;
pub mod watch;
