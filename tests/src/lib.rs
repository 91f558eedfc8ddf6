//! Helpers shared by the scenarios of the `it` binary, the tests of the integrations, and the benchmarks.

pub mod chain;
pub mod entries;
pub mod measure;
pub mod middleware;
pub mod nowhere;
pub mod scripted;
pub mod setup;
pub mod watch;
