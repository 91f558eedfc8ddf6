//! Metadata from two places.

use crate::{Fields, IntoMetadata};

/// The fields of two, made by [`IntoMetadata::with`]. The first value of a key is kept.
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
