//! Individual fields of any number and types, borrowed and without an allocation. The level macros use them.

use std::fmt::{Debug, Display};

use serde::{Serialize, Serializer};

use crate::{Fields, IntoMetadata};

/// One field.
///
/// ```
/// use logtide_core::{Displayed, Field, IntoMetadata as _, Metadata};
///
/// let address = std::net::Ipv4Addr::LOCALHOST;
/// let metadata = Metadata::from_fields(Field("port", &3000).with(Field("address", &Displayed(&address))));
/// assert_eq!(metadata.get("address"), Some(&"127.0.0.1".into()));
/// ```
#[derive(Debug)]
pub struct Field<'a, V: ?Sized>(pub &'a str, pub &'a V);

impl<V: Serialize + ?Sized> IntoMetadata for Field<'_, V> {
    fn write_to(self, fields: &mut Fields<'_>) {
        fields.field(self.0, self.1);
    }
}

/// A value, written as the text of its `Display` form.
#[derive(Clone, Copy, Debug)]
pub struct Displayed<T>(pub T);

impl<T: Display> Serialize for Displayed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A value, written as the text of its `Debug` form.
#[derive(Clone, Copy, Debug)]
pub struct Debugged<T>(pub T);

impl<T: Debug> Serialize for Debugged<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:?}", self.0))
    }
}
