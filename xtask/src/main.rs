//! The repository's own tool: `cargo xtask help` lists its commands.

fn main() {}
