//! Tests of the decoder and the live tail through the public API.

mod decoder;
mod ends;
