//! Helpers for the scenarios of the `it` binary, the tests of the integrations, and the benchmarks.

pub mod chain;
pub mod crash;
pub mod cutting_proxy;
pub mod entries;
pub mod faults;
pub mod fuzz;
mod id_set;
pub mod instructions;
pub mod measure;
pub mod middleware;
pub mod nowhere;
pub mod otlp;
pub mod pace;
mod payload;
mod process;
pub mod program;
pub mod scripted;
pub mod served;
pub mod setup;
pub mod simulation;
pub mod spans;
pub mod spool_model;
pub mod temporary;
pub mod watch;
