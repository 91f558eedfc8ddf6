//! Serialized form of payload limits.

use logtide_core::PayloadLimits;
use serde::Deserialize;

use super::{text::Read, trimmed};

/// The [`PayloadLimits`] that are set.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Limits {
    max_field_bytes: Option<Read<usize>>,
    max_entry_bytes: Option<Read<usize>>,
    remove_base64: Option<Read<bool>>,
    excluded_fields: Vec<String>,
}

impl From<Limits> for PayloadLimits {
    fn from(limits: Limits) -> Self {
        let mut set = Self::default().exclude_fields(trimmed(limits.excluded_fields));
        if let Some(Read(bytes)) = limits.max_field_bytes {
            set = set.max_field_bytes(bytes);
        }
        if let Some(Read(bytes)) = limits.max_entry_bytes {
            set = set.max_entry_bytes(bytes);
        }
        if let Some(Read(remove)) = limits.remove_base64 {
            set = set.remove_base64(remove);
        }
        set
    }
}
