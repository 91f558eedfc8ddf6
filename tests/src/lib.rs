//! Helpers shared by the scenarios of the `it` binary.
