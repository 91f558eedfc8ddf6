//! What the bridges of logging frameworks have in common: which of an event's fields are not metadata, and how its origin is written.

mod origin;
mod overrides;

pub use self::{origin::Origin, overrides::Overrides};
