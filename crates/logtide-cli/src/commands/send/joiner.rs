//! Joining lines that belong together.

use std::time::{Duration, Instant};

use logtide_core::limits::cut_bytes;

/// How long a text waits for further lines.
pub(super) const WAIT: Duration = Duration::from_millis(200);

/// The most lines of one text. The stack trace of an endless recursion has this many.
const MAX_LINES: usize = 2_000;

/// Joins the lines of a stack trace to the line that it belongs to.
#[derive(Debug)]
pub(super) struct Joiner {
    max: usize,
    text: String,
    /// The bytes that were left out of it.
    left_out: u64,
    lines: usize,
    kind: Kind,
    /// Whether the first line has the level error.
    is_error: bool,
    /// The empty lines at the end, which count only if more lines follow.
    blank: usize,
    end: u64,
    last: Option<Instant>,
}

/// Lines that were joined into one text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joined<'a> {
    pub(super) text: &'a str,
    /// The bytes that were left out of it.
    pub(super) left_out: u64,
    /// The number of lines.
    pub(super) lines: usize,
    /// The position where the last line ends.
    pub(super) end: u64,
}

/// The kind of stack trace, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    /// After `Traceback (most recent call last):`, until the line that names the exception.
    Python,
    /// After that line: the exception that caused it may follow.
    PythonEnd,
    /// After the line that announces another traceback, until that begins.
    PythonLink,
    /// After Go's `panic: `.
    Go,
    /// After `thread '…' panicked at`, whose next line is the message.
    RustHead,
    Rust,
}

impl Joiner {
    /// Joins up to this many bytes.
    pub(super) const fn new(max: usize) -> Self {
        Self {
            max,
            text: String::new(),
            left_out: 0,
            lines: 0,
            kind: Kind::Plain,
            is_error: false,
            blank: 0,
            end: 0,
            last: None,
        }
    }

    /// When the text has waited long enough.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.last.map(|last| last + WAIT)
    }

    /// Whether it holds a text.
    pub(super) const fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// Whether a line belongs to the text that it holds.
    pub(super) fn continues(&self, line: &str) -> bool {
        if self.is_empty() || self.lines + self.blank >= MAX_LINES {
            return false;
        }
        if line.trim().is_empty() {
            return self.kind != Kind::Plain;
        }
        if line.starts_with([' ', '\t']) && self.blank == 0 {
            return true;
        }
        match self.kind {
            Kind::Python => !begins_entry(line) || line.starts_with("Traceback (most recent"),
            Kind::PythonEnd => is_link(line) || (self.blank == 0 && is_of_any(line)),
            Kind::PythonLink => line.starts_with("Traceback (most recent"),
            Kind::RustHead => true,
            Kind::Go => is_of_go(line),
            Kind::Rust => is_of_rust(line),
            Kind::Plain => is_of_any(line) || (self.is_error && self.blank == 0 && begins_trace(line)),
        }
    }

    /// Adds a line to the current text, or begins a text with it.
    pub(super) fn add(&mut self, line: &str, left_out: u64, is_error: bool, end: u64, now: Instant) {
        if line.trim().is_empty() {
            self.blank += 1;
            self.last = Some(now);
            return;
        }
        self.kind = match self.kind {
            _ if line.trim_start().starts_with("Traceback (most recent call last)") => Kind::Python,
            // The line of the exception follows the frames.
            Kind::Python if !line.starts_with([' ', '\t']) => Kind::PythonEnd,
            Kind::PythonEnd if is_link(line) => Kind::PythonLink,
            Kind::RustHead => Kind::Rust,
            Kind::Plain
                if self.is_empty() && (line.starts_with("panic: ") || line.starts_with("fatal error: ")) =>
            {
                Kind::Go
            }
            Kind::Plain if line.starts_with("thread '") && line.contains(" panicked at ") => {
                if line.ends_with(':') { Kind::RustHead } else { Kind::Rust }
            }
            kind => kind,
        };
        if self.is_empty() {
            self.is_error = is_error;
        } else {
            for _ in 0..=self.blank {
                self.push("\n");
            }
        }
        self.lines += 1 + std::mem::take(&mut self.blank);
        self.push(line);
        self.left_out += left_out;
        self.end = end;
        self.last = Some(now);
    }

    /// Returns the current text.
    pub(super) const fn joined(&self) -> Joined<'_> {
        Joined { text: self.text.as_str(), left_out: self.left_out, lines: self.lines, end: self.end }
    }

    /// Discards the current text.
    pub(super) fn clear(&mut self) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        text.shrink_to(64 * 1024);
        *self = Self { text, ..Self::new(self.max) };
    }

    fn push(&mut self, part: &str) {
        let space = self.max.saturating_sub(self.text.len());
        let kept = if self.left_out > 0 { "" } else { cut_bytes(part, space) };
        self.text.push_str(kept);
        self.left_out += (part.len() - kept.len()) as u64;
    }
}

/// Whether a line that is not indented continues any kind of text.
fn is_of_any(line: &str) -> bool {
    const STARTS: [&str; 5] = ["Caused by:", "caused by:", "Suppressed:", "stack backtrace:", "goroutine "];
    STARTS.iter().any(|start| line.starts_with(start))
        || matches!(line.trim_end(), "}" | "]" | ")" | "})" | "};" | "},")
}

/// Whether a line links two tracebacks of Python.
fn is_link(line: &str) -> bool {
    line.starts_with("The above exception was") || line.starts_with("During handling of the above exception")
}

/// Whether a line that is not indented begins the stack trace of the error logged before it.
fn begins_trace(line: &str) -> bool {
    line.starts_with("Traceback (most recent call last)")
        || line.starts_with("Stack trace:")
        || is_exception(line)
}

/// Whether a line begins with the full name of an exception: `java.lang.IllegalStateException: no`.
fn is_exception(line: &str) -> bool {
    let name = line.split([':', ' ']).next().unwrap_or_default();
    let is_name = name.contains('.') && name.split('.').all(|part| !part.is_empty());
    let is_plain =
        name.chars().all(|character| character.is_ascii_alphanumeric() || "._$".contains(character));
    is_name && is_plain && ["Exception", "Error", "Throwable"].iter().any(|end| name.ends_with(end))
}

fn is_of_go(line: &str) -> bool {
    const STARTS: [&str; 6] =
        ["goroutine ", "created by ", "[signal ", "exit status ", "runtime stack:", "panic: "];
    STARTS.iter().any(|start| line.starts_with(start))
        || (line.ends_with(')')
            && line.split_once('(').is_some_and(|(name, _)| name.contains('.') && !name.contains(' ')))
}

fn is_of_rust(line: &str) -> bool {
    const STARTS: [&str; 4] = ["stack backtrace:", "note: ", "query stack ", "end of query stack"];
    STARTS.iter().any(|start| line.starts_with(start))
}

/// Whether a line looks like the start of an entry: JSON, or a date.
fn begins_entry(line: &str) -> bool {
    let bytes = line.trim_start_matches(['[', '<', '(']).as_bytes();
    line.starts_with('{')
        || bytes.first_chunk().is_some_and(|year: &[u8; 4]| year.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests;
