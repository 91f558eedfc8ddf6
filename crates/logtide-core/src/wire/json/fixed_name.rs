//! The names of fields that the SDK adds.

use super::keys::Signature;

/// The name of a field that the SDK adds, as written between two fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct FixedName(&'static str);

impl FixedName {
    pub(super) const EVENT_ID: Self = Self(",\"event_id\":");
    pub(super) const SEQUENCE: Self = Self(",\"seq\":");
    pub(super) const SPANS: Self = Self(",\"spans\":");

    /// Only the name.
    pub(super) fn key(self) -> &'static str {
        &self.0[2..self.0.len() - 2]
    }

    /// In quotes, with a comma before it and a colon after it.
    pub(super) const fn text(self) -> &'static [u8] {
        self.0.as_bytes()
    }

    /// In quotes.
    pub(super) fn quoted(self) -> &'static [u8] {
        &self.text()[1..self.0.len() - 1]
    }

    /// The bit of its [`Signature`].
    pub(super) fn bit(self) -> u128 {
        Signature::of(self.quoted()).bit()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::name::Name, *};
    use crate::Content;

    #[test]
    fn a_fixed_name_is_as_any_other_of_that_key() {
        for (fixed, key) in
            [(FixedName::EVENT_ID, "event_id"), (FixedName::SEQUENCE, "seq"), (FixedName::SPANS, "spans")]
        {
            let name = Name::new(Content::unchanged(), key);
            assert_eq!((fixed.key(), fixed.text(), fixed.quoted()), (key, &name.text[..], name.quoted()));
            assert_eq!(fixed.bit(), name.bit);
        }
    }
}
