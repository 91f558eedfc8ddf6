//! The severity of an entry.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The severity of an entry. The server has these five levels, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Details for debugging.
    Debug,
    /// Normal operation.
    Info,
    /// Something unexpected that the program handled.
    Warn,
    /// Something failed.
    Error,
    /// The program, or a large part of it, cannot continue.
    Critical,
}

impl Level {
    /// All levels, in ascending order.
    pub const ALL: [Self; 5] = [Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Critical];

    /// The name of the level as it is sent, in lowercase.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Level {
    type Err = ParseLevelError;

    /// Parses the name of a level in any case. `warning`, `fatal` and `trace` are accepted as `warn`, `critical` and
    /// `debug`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const NAMES: [(&str, Level); 8] = [
            ("debug", Level::Debug),
            ("info", Level::Info),
            ("warn", Level::Warn),
            ("error", Level::Error),
            ("critical", Level::Critical),
            ("trace", Level::Debug),
            ("warning", Level::Warn),
            ("fatal", Level::Critical),
        ];
        NAMES
            .into_iter()
            .find(|(name, _)| text.eq_ignore_ascii_case(name))
            .map(|(_, level)| level)
            .ok_or(ParseLevelError)
    }
}

/// The string is not the name of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown level: use debug, info, warn, error or critical")]
pub struct ParseLevelError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for level in Level::ALL {
            assert_eq!(level.as_str().parse(), Ok(level));
            assert_eq!(level.to_string().to_uppercase().parse(), Ok(level));
        }
        assert_eq!("warning".parse(), Ok(Level::Warn));
        assert_eq!("loud".parse::<Level>(), Err(ParseLevelError));
    }

    #[test]
    fn order_is_by_severity() {
        assert!(Level::ALL.is_sorted());
    }
}
