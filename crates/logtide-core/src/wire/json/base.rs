//! Metadata that every entry of a client carries.

use super::{ByContent, Fields, Prepared};
use crate::{IntoMetadata as _, Metadata};

/// Metadata that goes with every entry: the SDK's name and version, and the application's global metadata.
///
/// A key that the entry has itself wins over one of these. It is encoded once, for the first [`Content`](crate::Content) that it is
/// used with; an entry under another content costs more.
#[derive(Clone, Debug)]
pub struct BaseMetadata {
    /// None stands for no metadata at all.
    metadata: Option<Metadata>,
    prepared: ByContent<Prepared>,
}

impl BaseMetadata {
    /// The name under which this SDK shows in `metadata.sdk.name`.
    pub const SDK_NAME: &str = "logtide-rust";

    /// Takes global metadata and adds the SDK's stamp. Global metadata may replace the stamp with a `sdk` key of its own.
    #[must_use]
    pub fn new(global: &Metadata) -> Self {
        let sdk = serde_json::json!({"name": Self::SDK_NAME, "version": env!("CARGO_PKG_VERSION")});
        let mut metadata: Metadata = [("sdk", sdk)].into_iter().collect();
        metadata.extend(global.clone());
        Self { metadata: Some(metadata), prepared: ByContent::new() }
    }

    /// No metadata at all, for an entry that has all of it already.
    #[must_use]
    pub const fn empty() -> Self {
        Self { metadata: None, prepared: ByContent::new() }
    }

    /// Appends what the entry does not have yet.
    pub(super) fn write_to(&self, fields: &mut Fields<'_>) {
        let Some(metadata) = &self.metadata else { return };
        let make = || Prepared::written(fields.content(), |fields| write(metadata, fields));
        match self.prepared.get_or_make(fields.content(), make) {
            Some(prepared) => prepared.write_to(fields),
            None => write(metadata, fields),
        }
    }
}

impl Default for BaseMetadata {
    /// The SDK's stamp alone.
    fn default() -> Self {
        Self::new(&Metadata::new())
    }
}

fn write(metadata: &Metadata, fields: &mut Fields<'_>) {
    for (key, value) in metadata.iter() {
        fields.field(key, value);
    }
}
