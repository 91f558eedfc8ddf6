//! Serialized form of redaction.

use logtide_core::Redaction;
use serde::Deserialize;

use super::{text::Read, trimmed};

/// The [`Redaction`] that is set.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Redacted {
    enabled: Option<Read<bool>>,
    keys: Vec<String>,
    allow_keys: Vec<String>,
}

impl From<Redacted> for Redaction {
    fn from(redacted: Redacted) -> Self {
        let mut set = Self::default().keys(trimmed(redacted.keys)).allow_keys(trimmed(redacted.allow_keys));
        if let Some(Read(enabled)) = redacted.enabled {
            set.enabled = enabled;
        }
        set
    }
}
