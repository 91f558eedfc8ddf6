//! Metadata that every entry of a client carries.

use super::{Fields, Prepared};
use crate::{Content, IntoMetadata as _, Metadata};

/// Metadata that goes with every entry, encoded once: the SDK's name and version, and the application's global metadata.
///
/// A key that the entry has itself wins over one of these.
#[derive(Clone, Debug)]
pub struct BaseMetadata(Prepared);

impl BaseMetadata {
    /// The name under which this SDK shows in `metadata.sdk.name`.
    pub const SDK_NAME: &str = "logtide-rust";

    /// Encodes global metadata and the SDK's stamp. Global metadata may replace the stamp with a `sdk` key of its own.
    #[must_use]
    pub fn new(global: &Metadata) -> Self {
        Self::with_content(global, Content::unchanged())
    }

    /// As [`BaseMetadata::new`], within limits and without secrets.
    #[must_use]
    pub fn with_content(global: &Metadata, content: &Content) -> Self {
        let sdk = serde_json::json!({"name": Self::SDK_NAME, "version": env!("CARGO_PKG_VERSION")});
        let stamp = (!global.contains_key("sdk")).then_some(("sdk", &sdk));
        Self(Prepared::written(content, |fields| {
            for (key, value) in stamp.into_iter().chain(global.iter()) {
                fields.field(key, value);
            }
        }))
    }

    /// No metadata at all, for an entry that has all of it already.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Prepared::none())
    }

    /// Appends what the entry does not have yet.
    pub(super) fn write_to(&self, fields: &mut Fields<'_>) {
        self.0.write_to(fields);
    }
}

impl Default for BaseMetadata {
    /// The SDK's stamp alone.
    fn default() -> Self {
        Self::new(&Metadata::new())
    }
}
