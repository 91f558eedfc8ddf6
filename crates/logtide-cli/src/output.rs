//! The output of entries.

mod exception;
mod layout;
mod logfmt;
mod palette;
mod pretty;

use std::io::{self, BufWriter, Stdout, Write as _};

use clap::{Args, ValueEnum};
use logtide::LogRecord;

use self::pretty::Pretty;
pub(crate) use self::{
    layout::{Layout, Piece, cut, width_of},
    palette::{Palette, level_style},
};
use crate::{failure::Failure, sanitize, terminal::Terminal};

/// Format of the entries.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputOptions {
    /// Format of the entries
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) output: Format,

    /// When to wrap lines to the width of the terminal, with `pretty`
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    wrap: Wrap,
}

/// A form of entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: local time, level, service, message, metadata
    #[default]
    Pretty,
    /// One JSON object per line, as the server returns it
    Json,
    /// `key=value` pairs
    Logfmt,
    /// Only the message
    Raw,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Wrap {
    /// On a terminal
    #[default]
    Auto,
    /// Everywhere, including files and pipes
    Always,
    /// Nowhere
    Never,
}

/// The role of an entry in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A match, if only matches are shown.
    None,
    /// A match among entries of its context.
    Match,
    /// An entry of the context of a match.
    Context,
}

/// Writes entries to standard output.
#[derive(Debug)]
pub(crate) struct Output {
    out: BufWriter<Stdout>,
    format: Format,
    is_terminal: bool,
    pretty: Pretty,
    text: String,
}

impl Output {
    pub(crate) fn new(options: OutputOptions, terminal: Terminal) -> Self {
        let wraps = match options.wrap {
            Wrap::Auto => terminal.is_terminal,
            Wrap::Always => true,
            Wrap::Never => false,
        };
        let layout = Layout { width: wraps.then_some(terminal.width), terminal };
        Self {
            out: BufWriter::new(io::stdout()),
            format: options.output,
            is_terminal: terminal.is_terminal,
            pretty: Pretty::new(layout),
            text: String::new(),
        }
    }

    /// Writes an entry. Call [`flush`](Self::flush) to show it.
    pub(crate) fn entry(&mut self, record: &LogRecord, mark: Mark) -> Result<(), Failure> {
        self.text.clear();
        match self.format {
            Format::Pretty => self.pretty.write(&mut self.text, record, mark),
            Format::Json => json_line(&mut self.text, record)?,
            Format::Logfmt => logfmt::write(&mut self.text, record),
            Format::Raw if self.is_terminal => self.text.push_str(&sanitize::text(&record.message)),
            Format::Raw => self.text.push_str(&record.message),
        }
        if self.format == Format::Raw {
            self.text.push('\n');
        }
        Ok(self.out.write_all(self.text.as_bytes())?)
    }

    /// Marks that entries are left out at this point. Only in output for people.
    pub(crate) fn separator(&mut self) -> Result<(), Failure> {
        match self.format {
            Format::Pretty => Ok(self.out.write_all(b"--\n")?),
            _ => Ok(()),
        }
    }

    /// Fails if the output has no reader.
    pub(crate) fn check_reader(&self) -> Result<(), Failure> {
        if is_reader_gone() { Err(io::Error::from(io::ErrorKind::BrokenPipe).into()) } else { Ok(()) }
    }

    /// Shows what was written.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.out.flush()?)
    }
}

/// Whether standard output is a pipe without a reader. Does not write to it.
#[cfg(unix)]
fn is_reader_gone() -> bool {
    use std::os::fd::AsFd as _;

    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    let stdout = io::stdout();
    let mut descriptors = [PollFd::new(stdout.as_fd(), PollFlags::empty())];
    let polled = poll(&mut descriptors, PollTimeout::ZERO);
    polled.is_ok() && descriptors[0].revents().is_some_and(|events| events.contains(PollFlags::POLLERR))
}

#[cfg(not(unix))]
fn is_reader_gone() -> bool {
    false
}

/// Appends a value as a line of JSON with all control characters escaped.
pub(crate) fn json_line(out: &mut String, value: &impl serde::Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(value).map_err(|error| Failure::new(Failure::PARTIAL, error))?;
    out.push_str(&sanitize::json(&json));
    out.push('\n');
    Ok(())
}
