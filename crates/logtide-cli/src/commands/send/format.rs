//! The formats of lines.

mod json;
mod level;
mod logfmt;
mod names;
mod text;
mod time;

use clap::ValueEnum;

pub(super) use self::{level::level_of_word, time::Zone};
use super::parsed::Parsed;

/// How the lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Detected for each line.
    #[default]
    Auto,
    /// One JSON object per line.
    Json,
    /// `key=value` pairs.
    Logfmt,
    /// Anything else.
    Text,
}

impl Format {
    /// Parses a line of JSON or logfmt. `None` if it is plain text.
    pub(super) fn structured(self, line: &str, zone: Zone) -> Option<Parsed<'_>> {
        let json = || json::parse(line, zone);
        match self {
            Self::Auto => json().or_else(|| logfmt::parse(line, zone).filter(|_| logfmt::is_evident(line))),
            Self::Json => json(),
            Self::Logfmt => logfmt::parse(line, zone),
            Self::Text => None,
        }
    }
}

/// Parses plain text, whose message is the whole text.
pub(super) fn plain(text: &str, zone: Zone) -> Parsed<'_> {
    text::parse(text, zone)
}

#[cfg(test)]
mod tests;
