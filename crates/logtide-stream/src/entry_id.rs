//! Ids of entries in a compact form.

use std::hash::{DefaultHasher, Hash, Hasher};

use logtide_query::LogRecord;
use uuid::Uuid;

/// The id of an entry in 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryId(u128);

impl EntryId {
    /// The lowest id.
    pub(crate) const MIN: Self = Self(0);

    pub(crate) fn of(record: &LogRecord) -> Self {
        match Uuid::try_parse(&record.id) {
            Ok(id) => Self(id.as_u128()),
            // Known servers use UUIDs. Two hashes identify any other id.
            Err(_) => Self(u128::from(hash(0, &record.id)) << 64 | u128::from(hash(1, &record.id))),
        }
    }
}

fn hash(salt: u8, id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (salt, id).hash(&mut hasher);
    hasher.finish()
}
