//! The decoder and the live tail, as their users see them.

mod decoder;
mod ends;
