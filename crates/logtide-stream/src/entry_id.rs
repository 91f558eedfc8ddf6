//! Ids of entries, small.

use std::hash::{DefaultHasher, Hash, Hasher};

use logtide_query::LogRecord;
use uuid::Uuid;

/// The id that the server gave an entry, in 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryId(u128);

impl EntryId {
    /// Before every other.
    pub(crate) const MIN: Self = Self(0);

    pub(crate) fn of(record: &LogRecord) -> Self {
        match Uuid::try_parse(&record.id) {
            Ok(id) => Self(id.as_u128()),
            // No server gives other ids so far; two hashes tell them apart as well.
            Err(_) => Self(u128::from(hash(0, &record.id)) << 64 | u128::from(hash(1, &record.id))),
        }
    }
}

fn hash(salt: u8, id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (salt, id).hash(&mut hasher);
    hasher.finish()
}
