//! Helpers shared by the scenarios of the `it` binary and by the benchmarks.

pub mod measure;
