//! Messages on standard error.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Writes messages to standard error, with a progress line below them on a terminal.
#[derive(Debug)]
pub(super) struct Reporter {
    is_quiet: bool,
    has_progress: bool,
    /// Whether a progress line is shown.
    shown: Mutex<bool>,
}

impl Reporter {
    /// Shows a progress line if standard error is a terminal, unless copied input goes there too.
    pub(super) fn new(is_quiet: bool, tee: bool) -> Self {
        let is_shared = tee && io::stdout().is_terminal();
        let has_progress = !is_quiet && !is_shared && io::stderr().is_terminal();
        Self { is_quiet, has_progress, shown: Mutex::default() }
    }

    /// Whether there is a progress line.
    pub(super) const fn has_progress(&self) -> bool {
        self.has_progress
    }

    /// Writes a message, unless `--quiet` is set.
    pub(super) fn say(&self, what: impl Display) {
        if !self.is_quiet {
            self.write(self.shown(), format_args!("logtide: {what}\n"), false);
        }
    }

    /// Shows the progress.
    pub(super) fn show(&self, progress: impl Display) {
        if self.has_progress {
            self.write(self.shown(), progress, true);
        }
    }

    /// Removes the progress line.
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
