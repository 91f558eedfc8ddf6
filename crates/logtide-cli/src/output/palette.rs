//! Colours of the output.

use anstyle::{AnsiColor, Effects, Style};
use logtide::Level;

/// Styles by purpose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette;

impl Palette {
    /// For details such as times.
    pub(crate) const FAINT: Style = Style::new().effects(Effects::DIMMED);
    /// For the main text.
    pub(crate) const PLAIN: Style = Style::new();
    /// The name of a service.
    pub(crate) const SERVICE: Style = AnsiColor::Cyan.on_default();
    /// A title.
    pub(crate) const TITLE: Style = Style::new().effects(Effects::BOLD);
    /// For failures.
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
