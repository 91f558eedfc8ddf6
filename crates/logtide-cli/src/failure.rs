//! Why a command ends without success.

use std::{
    fmt::Display,
    io::{self, Write as _},
    process::ExitCode,
};

use logtide::{QueryError, StreamError};

use crate::sanitize;

/// The exit codes, as `--help` shows them.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0    success, also if the reader of the output ends early, as in `| head`
  1    partial success: something was not delivered, not found or is missing
  2    the command line is invalid
  3    no server, key or profile is configured, or the server rejects the key
  4    the server cannot be reached, or reports an error
  130  ended by a second SIGINT";

/// Why a command ends without success: one sentence, and the exit code.
///
/// | code | means |
/// |---|---|
/// | 0 | success, also if the reader of the output ends early |
/// | 1 | partial success: something was not delivered, not found or is missing |
/// | 2 | the command line is invalid |
/// | 3 | no server, key or profile is configured, or the server rejects the key |
/// | 4 | the server cannot be reached, or reports an error |
/// | 130 | ended by a second SIGINT |
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    /// Empty if there is nothing to print.
    sentence: String,
}

impl Failure {
    /// Something was not delivered, was not found, or is missing.
    pub(crate) const PARTIAL: u8 = 1;
    /// The command line is invalid.
    pub(crate) const USAGE: u8 = 2;
    /// No server, key or profile is configured, or the server rejects the key.
    pub(crate) const ACCESS: u8 = 3;
    /// The server cannot be reached, or reports an error.
    pub(crate) const UNREACHABLE: u8 = 4;

    pub(crate) fn new(code: u8, sentence: impl Display) -> Self {
        Self { code, sentence: sentence.to_string() }
    }

    /// Prints the sentence on standard error.
    pub(crate) fn report(self) -> ExitCode {
        if !self.sentence.is_empty() {
            say(&self.sentence);
        }
        self.code.into()
    }
}

/// Prints a sentence on standard error, with control characters escaped.
pub(crate) fn say(sentence: impl Display) {
    let _ = writeln!(io::stderr(), "logtide: {}", sanitize::line(&sentence.to_string()));
}

/// An error of standard output. It prints nothing if the reader of the output has exited.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self { code: 0, sentence: String::new() },
            _ => Self::new(Self::PARTIAL, format_args!("cannot write the output: {error}")),
        }
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        let code = match &error {
            QueryError::OutOfRange { .. }
            | QueryError::TimeRange { .. }
            | QueryError::DurationRange { .. }
            | QueryError::ServiceName(_)
            | QueryError::TooManyFilters(_)
            | QueryError::EmptyFilter(_)
            | QueryError::EmptyTraceId
            | QueryError::InvalidTraceId(_)
            | QueryError::InvalidMonitorId(_)
            | QueryError::InvalidId(_)
            | QueryError::BadRequest { .. } => Self::USAGE,
            QueryError::Unauthorized { .. }
            | QueryError::Forbidden { .. }
            | QueryError::QuotaExceeded { .. }
            | QueryError::Redirected { .. } => Self::ACCESS,
            QueryError::TooLarge(_) | QueryError::CursorIgnored => Self::PARTIAL,
            _ => Self::UNREACHABLE,
        };
        Self::new(code, error)
    }
}

impl From<StreamError> for Failure {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Refused(error) | StreamError::Unreachable(error) => error.into(),
            StreamError::Lookback(_) | StreamError::FromTime | StreamError::Buffer => {
                Self::new(Self::USAGE, error)
            }
            _ => Self::new(Self::PARTIAL, error),
        }
    }
}
