//! How many entries are shown.

/// The most entries to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit(Option<u64>);

impl Limit {
    /// Parses a number or `all`, for clap.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self(None)),
            _ => match text.parse() {
                Ok(0) | Err(_) => Err("use a number from 1, or `all`".to_owned()),
                Ok(entries) => Ok(Self(Some(entries))),
            },
        }
    }

    pub(super) fn entries(self) -> Option<u64> {
        self.0
    }

    pub(super) fn is_reached(self, entries: u64) -> bool {
        self.0.is_some_and(|limit| entries >= limit)
    }
}
