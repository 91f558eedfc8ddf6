//! Shared parts of the bridges to logging frameworks: fields that override entry data, the origin of events, the
//! spans of a thread, and calls of application code.

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
