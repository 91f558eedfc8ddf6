//! Live tail of a LogTide server.
//!
//! [`Decoder`] reads server-sent events out of whatever chunks of bytes a connection gives.

mod decoder;

pub use decoder::{Decoder, Event, Frame};
