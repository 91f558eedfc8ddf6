//! The delivery guarantees of a client.
//!
#![doc = include_str!("guarantees.md")]
//!
//! # Under faults
//!
//! `cargo xtask faults` prints this table.
//!
#![doc = include_str!("guarantees/faults.md")]
