//! Helpers shared by the scenarios of the `it` binary, the tests of the integrations, and the benchmarks.

pub mod chain;
pub mod cutting_proxy;
pub mod entries;
pub mod faults;
pub mod fuzz;
pub mod instructions;
pub mod measure;
pub mod middleware;
pub mod nowhere;
pub mod pace;
pub mod program;
pub mod scripted;
pub mod served;
pub mod setup;
pub mod simulation;
pub mod spool_model;
pub mod temporary;
pub mod watch;
