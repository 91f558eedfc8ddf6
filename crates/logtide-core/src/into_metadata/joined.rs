//! Metadata from two places.

use crate::{Fields, IntoMetadata};

/// The fields of two values, created by [`IntoMetadata::with`]. If both have a key, the first value is kept.
#[derive(Clone, Copy, Debug)]
pub struct Joined<A, B>(A, B);

impl<A, B> Joined<A, B> {
    pub(super) const fn new(first: A, second: B) -> Self {
        Self(first, second)
    }
}

impl<A: IntoMetadata, B: IntoMetadata> IntoMetadata for Joined<A, B> {
    fn write_to(self, fields: &mut Fields<'_>) {
        self.0.write_to(fields);
        self.1.write_to(fields);
    }
}
