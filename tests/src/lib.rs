//! Helpers shared by the scenarios of the `it` binary.

pub mod entries;
pub mod scripted;
pub mod setup;
