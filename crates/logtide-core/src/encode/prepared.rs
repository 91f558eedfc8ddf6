//! Fields that are encoded once and copied into many entries.

use std::{ops::Range, sync::OnceLock};

use serde_json::Value;

use super::{
    Fields,
    key_cache::KeyCache,
    keys::{Keys, Signature},
};
use crate::{Content, ErrorFormat, IntoMetadata};

/// Something encoded under the limits and redaction that applied first. Programs have one client, and so one [`Content`], as a rule.
#[derive(Clone, Debug)]
pub(crate) struct ByContent<T>(OnceLock<(u64, T)>);

impl<T> ByContent<T> {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// What was made under this content, or `None` when it was made under another.
    pub(crate) fn get_or_make(&self, content: &Content, make: impl FnOnce() -> T) -> Option<&T> {
        let (revision, made) = self.0.get_or_init(|| (content.revision(), make()));
        (*revision == content.revision()).then_some(made)
    }
}

impl<T> Default for ByContent<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Fields that are encoded once and copied into many entries, within the limits and without the secrets of one [`Content`].
///
/// Into an entry under another content they are not copied: they are read back and written within its limits.
///
/// ```
/// use logtide_core::{Content, IntoMetadata as _, Metadata, Prepared};
///
/// let request = Prepared::new(&Content::default(), (("method", "GET"), ("path", "/users")));
/// let metadata = Metadata::from_fields([("status", 200)].with(&request));
/// assert_eq!(metadata.len(), 3);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    /// Of the content that they are encoded for.
    revision: u64,
    bytes: Vec<u8>,
    fields: Vec<Place>,
    /// Those of the signatures of all fields.
    bits: u64,
}

/// Where a field stands.
#[derive(Clone, Debug)]
struct Place {
    /// With its quotes.
    key: Range<usize>,
    signature: Signature,
    value: Range<usize>,
}

impl Prepared {
    /// Encodes fields.
    #[must_use]
    pub fn new(content: &Content, fields: impl IntoMetadata) -> Self {
        Self::written(content, |out| fields.write_to(out))
    }

    /// Whether there is no field.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Encodes what the function writes.
    pub(crate) fn written(content: &Content, write: impl FnOnce(&mut Fields<'_>)) -> Self {
        // Room for most, so that it does not grow in steps.
        let (mut bytes, mut keys) = (Vec::with_capacity(128), Keys::default());
        write(&mut fields_in(&mut bytes, &mut keys, &mut KeyCache::default(), content));
        let place = |key: Range<usize>| Place {
            signature: Signature::of(&bytes[key.clone()]),
            value: key.end + 1..bytes.len(),
            key,
        };
        let mut fields: Vec<_> = keys.ranges().map(place).collect();
        for next in (1..fields.len()).rev() {
            // The comma stands between a value and the next key.
            fields[next - 1].value.end = fields[next].key.start - 1;
        }
        let bits = fields.iter().fold(0, |bits, place| bits | place.signature.bit());
        Self { revision: content.revision(), bytes, fields, bits }
    }

    /// Whether nothing that the content leaves out can be among the fields.
    fn suits(&self, content: &Content) -> bool {
        self.revision == content.revision() || content.is_unchanged()
    }

    /// Writes each field anew, under another content than the one that they are encoded for.
    #[cold]
    fn rewrite(&self, fields: &mut Fields<'_>) {
        for place in &self.fields {
            let key = serde_json::from_slice::<String>(self.key(place));
            let value = serde_json::from_slice::<Value>(&self.bytes[place.value.clone()]);
            if let (Ok(key), Ok(value)) = (key, value) {
                fields.field(&key, &value);
            }
        }
    }

    fn meets(&self, fields: &Fields<'_>) -> bool {
        fields.keys.may_contain(self.bits)
            && self
                .fields
                .iter()
                .any(|place| fields.keys.contains(fields.out, self.key(place), place.signature))
    }

    fn key(&self, place: &Place) -> &[u8] {
        &self.bytes[place.key.clone()]
    }

    /// Writes the fields as one object.
    pub(super) fn write_object(&self, out: &mut Vec<u8>, content: &Content) {
        if !self.suits(content) {
            return Self::written(content, |fields| self.rewrite(fields)).write_object(out, content);
        }
        out.push(b'{');
        // Each field has a comma in front.
        out.extend_from_slice(self.bytes.get(1..).unwrap_or_default());
        out.push(b'}');
    }
}

/// Copies the fields that the entry does not have yet.
impl IntoMetadata for &Prepared {
    fn write_to(self, fields: &mut Fields<'_>) {
        if !self.suits(fields.content()) {
            return self.rewrite(fields);
        }
        if self.meets(fields) {
            for place in &self.fields {
                fields
                    .prepared(self.key(place), |out| out.extend_from_slice(&self.bytes[place.value.clone()]));
            }
            return;
        }
        // Each field has a comma in front, which the first of an object must not have.
        let skipped = usize::from(fields.is_first()).min(self.bytes.len());
        let shift = |at: usize| at + fields.out.len() - skipped;
        let places = self
            .fields
            .iter()
            .map(|Place { key, signature, .. }| (*signature, shift(key.start)..shift(key.end)));
        fields.keys.extend(self.bits, places);
        fields.out.extend_from_slice(&self.bytes[skipped..]);
    }
}

fn fields_in<'a>(
    out: &'a mut Vec<u8>,
    keys: &'a mut Keys,
    key_cache: &'a mut KeyCache,
    content: &'a Content,
) -> Fields<'a> {
    let error_format = ErrorFormat::Both;
    Fields { out, keys, key_cache, content, location: None, error_format, has_error: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn copied(write: impl FnOnce(&mut Fields<'_>), own: impl IntoMetadata) -> String {
        let prepared = Prepared::written(Content::unchanged(), write);
        let (mut out, mut keys, mut cache) = (b"{".to_vec(), Keys::default(), KeyCache::default());
        let mut fields = fields_in(&mut out, &mut keys, &mut cache, Content::unchanged());
        own.write_to(&mut fields);
        prepared.write_to(&mut fields);
        String::from_utf8(out).unwrap() + "}"
    }

    #[test]
    fn what_the_entry_has_itself_is_not_copied() {
        let write = |fields: &mut Fields<'_>| {
            (("a", "x,\"y\":"), ("b", [1, 2]), ("a", 3), ("c", ())).write_to(fields);
        };
        assert_eq!(copied(write, ()), r#"{"a":"x,\"y\":","b":[1,2],"c":null}"#);
        assert_eq!(copied(write, [("b", 0)]), r#"{"b":0,"a":"x,\"y\":","c":null}"#);
        assert_eq!(copied(write, (("c", 0), ("b", 0), ("a", 0))), r#"{"c":0,"b":0,"a":0}"#);
        assert_eq!(copied(write, [("d", 0)]), r#"{"d":0,"a":"x,\"y\":","b":[1,2],"c":null}"#);
        let twice = Prepared::written(Content::unchanged(), write);
        assert_eq!(copied(write, (&twice).with([("a", 0)])), copied(write, ()));
        assert_eq!(copied(|_| (), ()), "{}");
    }

    #[test]
    fn fields_nest_under_a_key() {
        let prepared = Prepared::new(Content::unchanged(), (("a", 1), ("b", "x")));
        let nested = |key: &str| copied(|fields| fields.object(key, &prepared), ());
        assert_eq!(nested("span"), r#"{"span":{"a":1,"b":"x"}}"#);
    }
}
