//! `logtide man`.

use std::{io::Write as _, process::ExitCode};

use clap::{Args, CommandFactory as _};
use clap_mangen::Man as Page;

use crate::{arguments::Arguments, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  logtide man > ~/.local/share/man/man1/logtide.1
  logtide man tail | man -l -";

/// Prints the manual page of the command, or of one of its subcommands.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Man {
    /// One of the commands, such as `tail`
    command: Option<String>,
}

impl Man {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let mut root = Arguments::command();
        root.build();
        let command = match &self.command {
            None => root,
            Some(name) => {
                let found = root.find_subcommand(name).cloned();
                found.ok_or_else(|| {
                    Failure::new(
                        Failure::USAGE,
                        format_args!("there is no command `{name}`: see `logtide --help`"),
                    )
                })?
            }
        };
        let mut text = Vec::new();
        Page::new(command).render(&mut text)?;
        std::io::stdout().write_all(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
