//! Why a command ends without success.

use std::{
    fmt::Display,
    io::{self, Write as _},
    process::ExitCode,
};

/// Why a command ends without success: one sentence, and the exit code.
///
/// | code | means |
/// |---|---|
/// | 0 | done |
/// | 1 | done in part: something was not delivered, or is missing |
/// | 2 | the command line is wrong |
/// | 3 | there is no server, key or profile to use, or they are refused |
/// | 4 | the server cannot be reached |
/// | 130 | ended by a second SIGINT |
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    sentence: String,
}

impl Failure {
    /// Something was not delivered, or is missing.
    pub(crate) const PARTIAL: u8 = 1;
    /// The command line is wrong.
    pub(crate) const USAGE: u8 = 2;
    /// There is no server, key or profile to use, or they are refused.
    pub(crate) const ACCESS: u8 = 3;
    /// The server cannot be reached.
    pub(crate) const UNREACHABLE: u8 = 4;

    pub(crate) fn new(code: u8, sentence: impl Display) -> Self {
        Self { code, sentence: sentence.to_string() }
    }

    /// Tells it on standard error.
    pub(crate) fn report(self) -> ExitCode {
        let _ = writeln!(io::stderr(), "logtide: {}", self.sentence);
        self.code.into()
    }
}
