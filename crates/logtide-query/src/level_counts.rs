//! Numbers of entries by level.

use std::collections::BTreeMap;

use logtide_core::Level;
use serde::{Deserialize, Serialize};

/// How many entries there are of each level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LevelCounts {
    /// Entries of level debug.
    pub debug: u64,
    /// Entries of level info.
    pub info: u64,
    /// Entries of level warn.
    pub warn: u64,
    /// Entries of level error.
    pub error: u64,
    /// Entries of level critical.
    pub critical: u64,
    /// Entries of levels that are unknown here, by the server's name of the level.
    #[serde(flatten)]
    pub other: BTreeMap<String, u64>,
}

impl LevelCounts {
    /// How many entries have a level.
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

    /// How many entries there are of all levels together.
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
}
