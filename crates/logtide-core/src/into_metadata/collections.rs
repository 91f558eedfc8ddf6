//! Pairs in arrays, vectors, maps and iterators.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::{Fields, IntoMetadata};

impl<K: AsRef<str>, V: Serialize, const N: usize> IntoMetadata for [(K, V); N] {
    fn write_to(self, fields: &mut Fields<'_>) {
        Pairs(self).write_to(fields);
    }
}

impl<K: AsRef<str>, V: Serialize> IntoMetadata for Vec<(K, V)> {
    fn write_to(self, fields: &mut Fields<'_>) {
        Pairs(self).write_to(fields);
    }
}

impl<K: AsRef<str>, V: Serialize, S> IntoMetadata for HashMap<K, V, S> {
    fn write_to(self, fields: &mut Fields<'_>) {
        Pairs(&self).write_to(fields);
    }
}

impl<K: AsRef<str>, V: Serialize> IntoMetadata for BTreeMap<K, V> {
    fn write_to(self, fields: &mut Fields<'_>) {
        Pairs(&self).write_to(fields);
    }
}

/// Metadata from any iterator of pairs.
///
/// ```
/// use logtide_core::{Metadata, Pairs};
///
/// let headers = vec![("accept", "text/html"), ("host", "example.com")];
/// let metadata = Metadata::from_fields(Pairs(headers.iter().copied()));
/// assert_eq!(metadata.len(), 2);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Pairs<I>(pub I);

impl<K: AsRef<str>, V: Serialize, I: IntoIterator<Item = (K, V)>> IntoMetadata for Pairs<I> {
    fn write_to(self, fields: &mut Fields<'_>) {
        for (key, value) in self.0 {
            fields.field(key.as_ref(), &value);
        }
    }
}
