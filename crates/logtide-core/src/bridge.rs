//! What the bridges of logging frameworks have in common: which of an event's fields are not metadata, how its origin is written,
//! which spans a thread is in, and how code of the application is called.

mod catch;
mod origin;
mod overrides;
mod stack;

pub use self::{
    catch::{Caught, catch},
    origin::Origin,
    overrides::Overrides,
    stack::Stack,
};
