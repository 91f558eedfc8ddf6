//! Metadata that every entry of a client carries.

use super::{
    keys::Keys,
    text::write_string,
    value::{write_text_key, write_value},
};
use crate::{Content, Metadata};

/// Metadata that goes with every entry, encoded once: the SDK's name and version, and the application's global metadata.
///
/// A key that the entry has itself wins over one of these.
#[derive(Clone, Debug)]
pub struct BaseMetadata {
    fields: Vec<Field>,
    /// All fields in a row, each with a comma in front.
    joined: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Field {
    /// The key in quotes, as it stands in an entry.
    key: Vec<u8>,
    /// Comma, key, colon, value.
    encoded: Vec<u8>,
}

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
        let fields: Vec<Field> = stamp
            .into_iter()
            .chain(global.iter())
            .map(|(key, value)| Field::new(key, value, content))
            .collect();
        let joined = fields.iter().flat_map(|field| field.encoded.iter().copied()).collect();
        Self { fields, joined }
    }

    /// No metadata at all, for an entry that has all of it already.
    #[must_use]
    pub const fn empty() -> Self {
        Self { fields: Vec::new(), joined: Vec::new() }
    }

    /// Appends what the object does not have yet.
    pub(super) fn append(&self, out: &mut Vec<u8>, keys: &Keys) {
        let start = out.len();
        if self.fields.iter().any(|field| keys.contains(out, &field.key)) {
            for field in &self.fields {
                if !keys.contains(out, &field.key) {
                    out.extend_from_slice(&field.encoded);
                }
            }
        } else {
            out.extend_from_slice(&self.joined);
        }
        if out.get(start.wrapping_sub(1)) == Some(&b'{') && out.get(start) == Some(&b',') {
            out.remove(start);
        }
    }
}

impl Default for BaseMetadata {
    /// The SDK's stamp alone.
    fn default() -> Self {
        Self::new(&Metadata::new())
    }
}

impl Field {
    fn new(key: &str, value: &serde_json::Value, content: &Content) -> Self {
        let mut encoded = vec![b','];
        write_text_key(&mut encoded, key);
        let key = encoded[1..].to_vec();
        encoded.push(b':');
        match content.replacement(&key[1..key.len() - 1]) {
            Some(replacement) => write_string(&mut encoded, replacement),
            None => write_value(&mut encoded, 1, content, value),
        }
        Self { key, encoded }
    }
}
