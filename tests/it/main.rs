//! Scenarios across the crates of the SDK, one module each.

mod simulation;
