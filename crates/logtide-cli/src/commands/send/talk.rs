//! What is said on standard error.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Says things on standard error, with a line of progress at its end where that is a terminal.
#[derive(Debug)]
pub(super) struct Talk {
    is_quiet: bool,
    has_progress: bool,
    /// Whether a line of progress is shown.
    shown: Mutex<bool>,
}

impl Talk {
    /// With a line of progress where standard error is a terminal, unless copied input goes there too.
    pub(super) fn new(is_quiet: bool, tee: bool) -> Self {
        let is_shared = tee && io::stdout().is_terminal();
        let has_progress = !is_quiet && !is_shared && io::stderr().is_terminal();
        Self { is_quiet, has_progress, shown: Mutex::default() }
    }

    /// Whether there is a line of progress.
    pub(super) const fn has_progress(&self) -> bool {
        self.has_progress
    }

    /// Says something, unless it was asked to be quiet.
    pub(super) fn say(&self, what: impl Display) {
        if !self.is_quiet {
            self.write(self.shown(), format_args!("logtide: {what}\n"), false);
        }
    }

    /// Shows how far things are.
    pub(super) fn show(&self, progress: impl Display) {
        if self.has_progress {
            self.write(self.shown(), progress, true);
        }
    }

    /// Takes the line of progress away.
    pub(super) fn clear(&self) {
        self.write(self.shown(), "", false);
    }

    fn shown(&self) -> MutexGuard<'_, bool> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, mut shown: MutexGuard<'_, bool>, text: impl Display, is_progress: bool) {
        let start = if *shown { "\r\x1b[K" } else { "" };
        let text = format!("{start}{text}");
        *shown = is_progress;
        if !text.is_empty() {
            let _ = io::stderr().write_all(text.as_bytes());
        }
    }
}
