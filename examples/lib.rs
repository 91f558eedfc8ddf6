//! The examples of the LogTide SDK: `cargo run --example quickstart` is the first to run.
