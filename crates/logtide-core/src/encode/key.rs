//! The name of a field.

use super::{
    keys::Signature,
    value::{prototype, write_text_key},
};
use crate::Content;

/// The name of a field, encoded once for many entries. It costs least under the [`Content`] that it is encoded for.
#[derive(Clone, Debug)]
pub struct Key {
    /// In quotes, mended, with the comma in front and the colon behind.
    pub(super) text: Vec<u8>,
    pub(super) signature: Signature,
    /// Of the content that decided on the replacement.
    revision: u64,
    /// What stands in place of every value.
    pub(super) replacement: Option<&'static str>,
    pub(super) kind: Kind,
}

/// What the server does with the values of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    /// Indexes them, so that they must not be long.
    Hostname,
    /// Refuses some, see [`prototype`].
    Constructor,
}

impl Key {
    /// Encodes the name of a field.
    #[must_use]
    pub fn new(content: &Content, name: &str) -> Self {
        Self::written(Vec::with_capacity(name.len() + 4), content, name)
    }

    /// A place for a name, without memory yet. It stands for none before it is rewritten.
    pub(super) fn blank() -> Self {
        let signature = Signature::default();
        Self { text: Vec::new(), signature, revision: 0, replacement: None, kind: Kind::Plain }
    }

    /// The name of another field, in the same memory.
    pub(super) fn rewrite(&mut self, content: &Content, name: &str) {
        *self = Self::written(std::mem::take(&mut self.text), content, name);
    }

    /// With the quotes, as it stands in an entry.
    #[inline]
    pub(super) fn quoted(&self) -> &[u8] {
        &self.text[1..self.text.len() - 1]
    }

    /// Whether its replacement is the one under a content, which need not be the one that the key was encoded for.
    #[inline]
    pub(super) fn suits(&self, content: &Content) -> bool {
        self.revision == content.revision() || content.is_unchanged()
    }

    /// The same key for another content.
    #[cold]
    pub(super) fn anew(&self, content: &Content) -> Self {
        let quoted = self.quoted();
        let replacement = content.replacement(&quoted[1..quoted.len() - 1]);
        Self { revision: content.revision(), replacement, ..self.clone() }
    }

    fn written(mut text: Vec<u8>, content: &Content, name: &str) -> Self {
        text.clear();
        text.push(b',');
        write_text_key(&mut text, name);
        let quoted = &text[1..];
        let (signature, replacement) =
            (Signature::of(quoted), content.replacement(&quoted[1..quoted.len() - 1]));
        text.push(b':');
        Self { text, signature, revision: content.revision(), replacement, kind: Kind::of(name) }
    }
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "hostname" | "host" => Self::Hostname,
            prototype::CONSTRUCTOR => Self::Constructor,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Content, Field, IntoMetadata, Key, Metadata};

    struct Keyed<'a>(&'a [(&'a Key, u32)]);

    impl IntoMetadata for Keyed<'_> {
        fn write_to(self, fields: &mut crate::Fields<'_>) {
            for (key, value) in self.0 {
                fields.keyed(key, value);
            }
        }
    }

    #[test]
    fn a_field_by_its_key_is_as_one_by_its_name() {
        let content = Content::default();
        let [a, b, secret, proto] =
            ["a", "say \"b\"", "token", "__proto__"].map(|name| Key::new(&content, name));
        let keyed = [(&a, 1), (&b, 2), (&a, 3), (&secret, 4), (&proto, 5)];
        let metadata = Metadata::from_fields(Field("a", &0).with(Keyed(&keyed)));
        let fields = r#"{"_proto_":5,"a":0,"say \"b\"":2,"token":"[REDACTED]"}"#;
        assert_eq!(serde_json::to_string(&metadata).unwrap(), fields);
        let metadata = Metadata::from_fields(Keyed(&keyed[..3]).with(Field("say \"b\"", &0)));
        assert_eq!(serde_json::to_string(&metadata).unwrap(), r#"{"a":1,"say \"b\"":2}"#);
    }
}
