//! Entry counts by level.

use std::collections::BTreeMap;

use logtide_core::Level;
use serde::{Deserialize, Serialize};

use crate::count;

/// The number of entries of each level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LevelCounts {
    /// Entries of level debug.
    #[serde(deserialize_with = "count::read")]
    pub debug: u64,
    /// Entries of level info.
    #[serde(deserialize_with = "count::read")]
    pub info: u64,
    /// Entries of level warn.
    #[serde(deserialize_with = "count::read")]
    pub warn: u64,
    /// Entries of level error.
    #[serde(deserialize_with = "count::read")]
    pub error: u64,
    /// Entries of level critical.
    #[serde(deserialize_with = "count::read")]
    pub critical: u64,
    /// Entries of unknown levels, by the server's name of the level.
    #[serde(flatten, deserialize_with = "count::read_all")]
    pub other: BTreeMap<String, u64>,
}

impl LevelCounts {
    /// The number of entries of a level.
    #[must_use]
    pub fn get(&self, level: Level) -> u64 {
        match level {
            Level::Debug => self.debug,
            Level::Info => self.info,
            Level::Warn => self.warn,
            Level::Error => self.error,
            Level::Critical => self.critical,
        }
    }

    /// The number of entries of all levels.
    #[must_use]
    pub fn total(&self) -> u64 {
        let known = Level::ALL.into_iter().map(|level| self.get(level));
        known.chain(self.other.values().copied()).fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_without_entries_are_zero_and_unknown_ones_are_kept() {
        let counts: LevelCounts = serde_json::from_str(r#"{"info":3,"critical":2,"notice":4}"#).unwrap();
        assert_eq!(Level::ALL.map(|level| counts.get(level)), [0, 3, 0, 0, 2]);
        assert_eq!(counts.other["notice"], 4);
        assert_eq!(counts.total(), 9);
    }

    #[test]
    fn counts_as_texts_are_counts() {
        let counts: LevelCounts = serde_json::from_str(r#"{"info":"3","error":null,"notice":"4"}"#).unwrap();
        assert_eq!((counts.info, counts.error, counts.other["notice"], counts.total()), (3, 0, 4, 7));
    }
}
