//! What delivery guarantees.
//!
#![doc = include_str!("guarantees.md")]
