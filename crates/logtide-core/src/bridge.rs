//! What the bridges of logging frameworks have in common: which of an event's fields are not metadata, how its origin is written,
//! and which spans a thread is in.

mod origin;
mod overrides;
mod stack;

pub use self::{origin::Origin, overrides::Overrides, stack::Stack};
