//! Errors and panics as metadata.

mod chain;
mod format;
mod pair;
mod panic;
mod type_name;

use std::error::Error;

pub(crate) use self::chain::{Link, write_chain};
pub(crate) use self::pair::write_metadata;
pub use self::{format::ErrorFormat, panic::Panic, type_name::error_type};
use crate::{Fields, IntoMetadata};

/// Sent as `error` (`name`, `message`, `stack`), the form that the SDKs document, and `exception`, the form that the
/// server groups by, or as one of them; see [`ErrorFormat`].
impl<E: Error + ?Sized> IntoMetadata for &E {
    fn write_to(self, fields: &mut Fields<'_>) {
        fields.error(self);
    }
}

#[cfg(test)]
mod tests;
