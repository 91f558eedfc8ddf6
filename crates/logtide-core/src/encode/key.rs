//! The name of a field.

use super::{keys::signature, value::write_text_key};
use crate::Content;

/// The name of a field, encoded once for many entries under one [`Content`].
#[derive(Clone, Debug)]
pub struct Key {
    /// In quotes, mended.
    pub(super) quoted: Vec<u8>,
    pub(super) signature: u64,
    /// What stands in place of every value.
    pub(super) replacement: Option<&'static str>,
    pub(super) is_hostname: bool,
}

impl Key {
    /// Encodes the name of a field.
    #[must_use]
    pub fn new(content: &Content, name: &str) -> Self {
        let mut quoted = Vec::new();
        write_text_key(&mut quoted, name);
        let (signature, replacement) =
            (signature(&quoted), content.replacement(&quoted[1..quoted.len() - 1]));
        Self { quoted, signature, replacement, is_hostname: is_hostname(name) }
    }
}

/// Whether the server indexes the values of a field as host names.
pub(super) fn is_hostname(name: &str) -> bool {
    matches!(name, "hostname" | "host")
}
