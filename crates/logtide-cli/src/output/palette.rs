//! Colours of what is written.

use anstyle::{AnsiColor, Effects, Style};
use logtide::Level;

/// Styles by what they are for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette;

impl Palette {
    /// What is seen only when it is looked for, such as times.
    pub(crate) const FAINT: Style = Style::new().effects(Effects::DIMMED);
    /// What is looked for.
    pub(crate) const PLAIN: Style = Style::new();
    /// The name of a service.
    pub(crate) const SERVICE: Style = AnsiColor::Cyan.on_default();
    /// A title.
    pub(crate) const TITLE: Style = Style::new().effects(Effects::BOLD);
    /// What failed.
    pub(crate) const FAILED: Style = AnsiColor::Red.on_default();
    /// A span in a timeline.
    pub(crate) const SPAN: Style = AnsiColor::Blue.on_default();
}

pub(crate) fn level_style(level: Level) -> Style {
    match level {
        Level::Debug => Style::new().effects(Effects::DIMMED),
        Level::Info => AnsiColor::Green.on_default(),
        Level::Warn => AnsiColor::Yellow.on_default(),
        Level::Error => AnsiColor::Red.on_default(),
        Level::Critical => AnsiColor::Red.on_default().effects(Effects::BOLD),
    }
}
