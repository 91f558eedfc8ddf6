//! `logtide completions`.

use std::{io::Write as _, process::ExitCode};

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::{arguments::Arguments, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  logtide completions bash > ~/.local/share/bash-completion/completions/logtide
  logtide completions zsh > ~/.zfunc/_logtide
  logtide completions fish > ~/.config/fish/completions/logtide.fish";

/// Prints a script that completes the command line in a shell.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "logtide", &mut text);
        std::io::stdout().write_all(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
