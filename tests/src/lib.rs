//! Helpers shared by the scenarios of the `it` binary and by the benchmarks.

pub mod chain;
pub mod cutting_proxy;
pub mod entries;
pub mod fuzz;
pub mod measure;
pub mod pace;
pub mod scripted;
pub mod setup;
pub mod watch;
