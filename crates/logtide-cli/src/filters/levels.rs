//! Filters of levels.

use logtide::Level;

/// A set of levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Levels(Vec<Level>);

impl Levels {
    /// Parses `warn` as that level and above, `=warn` and `=info,error` as exactly those. For clap.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let level = |name: &str| {
            let name = name.trim();
            name.parse::<Level>()
                .map_err(|_| format!("unknown level `{name}`: use debug, info, warn, error or critical"))
        };
        match text.strip_prefix('=') {
            Some(names) => names.split(',').map(level).collect::<Result<_, _>>().map(Self),
            None if text.contains(',') => Err(format!("use `={text}` for exactly those levels")),
            None => {
                let lowest = level(text)?;
                Ok(Self(Level::ALL.into_iter().filter(|level| *level >= lowest).collect()))
            }
        }
    }

    pub(super) fn contains(&self, level: Level) -> bool {
        self.0.contains(&level)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Level> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_means_those_above_too() {
        use Level::{Critical, Error, Info, Warn};
        assert_eq!(Levels::parse("warn"), Ok(Levels(vec![Warn, Error, Critical])));
        assert_eq!(Levels::parse("=warn"), Ok(Levels(vec![Warn])));
        assert_eq!(Levels::parse("=info, error"), Ok(Levels(vec![Info, Error])));
        assert_eq!(Levels::parse("debug"), Ok(Levels(Level::ALL.to_vec())));
        assert!(Levels::parse("loud").unwrap_err().contains("`loud`"));
        assert!(Levels::parse("info,error").unwrap_err().contains("`=info,error`"));
    }
}
