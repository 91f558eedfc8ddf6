//! The name of a field.

use super::{
    keys::Signature,
    prototype::{CONSTRUCTOR, fixed_key},
    text::write_string,
};
use crate::Content;

/// The name of a field, escaped and classified once for many entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Name {
    /// In quotes, fixed, with a comma before it and a colon after it.
    pub(super) text: Vec<u8>,
    /// Fixed except for NUL.
    pub(super) plain: String,
    pub(super) signature: Signature,
    /// The bit of the signature.
    pub(super) bit: u128,
    /// Replaces every value.
    pub(super) replacement: Option<&'static str>,
    pub(super) kind: Kind,
}

/// Special treatment of the values of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Plain,
    /// The server indexes them, so they must not be long.
    Hostname,
    /// The server rejects some; see [`prototype`](super::prototype).
    Constructor,
    /// They may be one form of an error that is in the metadata in both.
    Error,
    /// Another field of the call site is sent under that name.
    Repeated,
}

impl Name {
    pub(super) fn new(content: &Content, name: &str) -> Self {
        let mut new = Self::default();
        new.rewrite(content, name);
        new
    }

    /// Replaces the name, and reuses the memory.
    pub(super) fn rewrite(&mut self, content: &Content, name: &str) {
        let fixed = fixed_key(name);
        self.plain.clear();
        self.plain.push_str(fixed);
        self.text.clear();
        self.text.push(b',');
        write_string(&mut self.text, fixed);
        self.signature = Signature::of(&self.text[1..]);
        self.bit = self.signature.bit();
        self.text.push(b':');
        self.replacement = content.replacement(name);
        self.kind = Kind::of(name);
    }

    /// Frees memory that a shorter name does not need.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        self.text.shrink_to(bytes);
        self.plain.shrink_to(bytes);
    }

    /// With quotes, as in an entry.
    #[inline]
    pub(super) fn quoted(&self) -> &[u8] {
        &self.text[1..self.text.len() - 1]
    }
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "hostname" | "host" => Self::Hostname,
            "error" | "exception" => Self::Error,
            CONSTRUCTOR => Self::Constructor,
            _ => Self::Plain,
        }
    }
}
