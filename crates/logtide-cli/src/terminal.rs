//! The properties of standard output.

use std::{
    env,
    ffi::OsStr,
    io::{self, IsTerminal as _},
};

use anstyle::Style;
use clap::ValueEnum;

/// The width of drawings if the output is not a terminal, in columns.
const DEFAULT_WIDTH: usize = 100;

/// The smallest width in columns. A narrower terminal wraps the lines itself.
const MIN_WIDTH: usize = 20;

/// The properties of standard output.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Whether a person sees the output as it is written.
    pub(crate) is_terminal: bool,
    /// Whether to write colours.
    pub(crate) color: bool,
    /// The width in columns: `COLUMNS`, or the width of the terminal, or 100.
    pub(crate) width: usize,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set; elsewhere only if `CLICOLOR_FORCE` is set.
    #[default]
    Auto,
    /// Everywhere, including files and pipes.
    Always,
    /// Nowhere.
    Never,
}

impl Terminal {
    /// Returns the properties of standard output.
    pub(crate) fn of_output(when: ColorWhen) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let columns = env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
        let size = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        let width = columns.or_else(size).filter(|width| *width > 0);
        Self {
            is_terminal,
            color: when.allows(is_terminal, |name| env::var_os(name)),
            width: width.unwrap_or(DEFAULT_WIDTH).max(MIN_WIDTH),
        }
    }

    /// Returns the style, or no style if colours are off.
    pub(crate) fn style(self, style: Style) -> Style {
        if self.color { style } else { Style::new() }
    }
}

impl ColorWhen {
    fn allows<T: AsRef<OsStr>>(self, is_terminal: bool, variable: impl Fn(&str) -> Option<T>) -> bool {
        let is = |name, is: fn(&OsStr) -> bool| variable(name).is_some_and(|value| is(value.as_ref()));
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if is("NO_COLOR", |value| !value.is_empty()) => false,
            Self::Auto if is("CLICOLOR_FORCE", |value| !value.is_empty() && value != "0") => true,
            Self::Auto => is_terminal && !is("TERM", |value| value == "dumb"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_the_flag_then_the_environment_then_the_terminal() {
        use ColorWhen::{Always, Auto, Never};
        for (when, is_terminal, variables, expected) in [
            (Auto, true, &[][..], true),
            (Auto, false, &[], false),
            (Auto, true, &[("NO_COLOR", "1")], false),
            (Auto, true, &[("NO_COLOR", "")], true),
            (Auto, false, &[("CLICOLOR_FORCE", "1")], true),
            (Auto, false, &[("CLICOLOR_FORCE", "0")], false),
            (Auto, false, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
            (Auto, true, &[("TERM", "dumb")], false),
            (Always, false, &[("NO_COLOR", "1")], true),
            (Never, true, &[("CLICOLOR_FORCE", "1")], false),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
            assert_eq!(when.allows(is_terminal, variable), expected, "{when:?} {is_terminal} {variables:?}");
        }
    }
}
