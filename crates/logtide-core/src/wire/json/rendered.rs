//! Fields that are rendered once and copied into many entries.

use std::ops::Range;

use super::{
    fixed_name::FixedName,
    keys::{Keys, Signature},
    name::Name,
};

/// Fields that are rendered once and copied into many entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Rendered {
    /// Each with a comma before it.
    text: Vec<u8>,
    keys: Vec<(Signature, Range<usize>)>,
    /// The bits of all signatures.
    bits: u128,
}

impl Rendered {
    /// Parses the fields after the opening brace of a text, with their keys.
    pub(super) fn new(mut text: Vec<u8>, keys: &Keys) -> Self {
        // The comma replaces the brace.
        if let Some(brace) = text.first_mut() {
            *brace = b',';
        }
        if text.len() == 1 {
            text.clear();
        }
        let keys: Vec<_> = keys.iter().collect();
        let bits = keys.iter().fold(0, |bits, (signature, _)| bits | signature.bit());
        Self { text, keys, bits }
    }

    /// Adds the fields to an object. Adds none and returns false if it has one of them already.
    #[inline]
    pub(super) fn copy_to(&self, out: &mut Vec<u8>, keys: &mut Keys) -> bool {
        if keys.may_contain(self.bits) && self.meets(out, keys) {
            return false;
        }
        let skipped = usize::from(out.last() == Some(&b'{')).min(self.text.len());
        let shift = |at: usize| at + out.len() - skipped;
        keys.extend(
            self.bits,
            self.keys.iter().map(|(signature, key)| (*signature, shift(key.start)..shift(key.end))),
        );
        out.extend_from_slice(&self.text[skipped..]);
        true
    }

    /// Like [`copy_to`](Self::copy_to), for the last fields of an object.
    #[inline]
    pub(super) fn copy_last_to(&self, out: &mut Vec<u8>, keys: &mut Keys) -> bool {
        if keys.may_contain(self.bits) && self.meets(out, keys) {
            return false;
        }
        let skipped = usize::from(out.last() == Some(&b'{')).min(self.text.len());
        out.extend_from_slice(&self.text[skipped..]);
        true
    }

    /// Whether it has a field with this name.
    #[inline]
    pub(super) fn has(&self, name: &Name) -> bool {
        self.has_key(name.bit, name.quoted())
    }

    /// Like [`has`](Self::has), for the name of a field that the SDK adds.
    #[inline]
    pub(super) fn has_fixed(&self, name: FixedName) -> bool {
        self.has_key(name.bit(), name.quoted())
    }

    fn has_key(&self, bit: u128, quoted: &[u8]) -> bool {
        self.bits & bit != 0 && self.keys.iter().any(|(_, key)| self.text[key.clone()] == *quoted)
    }

    /// The fields, each with a comma before it.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    fn meets(&self, out: &[u8], keys: &mut Keys) -> bool {
        self.keys.iter().any(|(signature, key)| keys.contains(out, &self.text[key.clone()], *signature))
    }
}
