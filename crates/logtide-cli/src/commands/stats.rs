//! `logtide stats`.

mod chart;
mod counts;
mod read;
mod summary;
mod tops;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{Args, ValueEnum};

use self::{chart::Chart, counts::Counts};
use super::query::Range;
use crate::{
    connection::Connection, failure::Failure, filters::Filters, output::json_line, terminal::Terminal, times,
};

const EXAMPLES: &str = "\
Examples:
  logtide stats                                    the last 24 hours
  logtide stats --since 1h --service api --level warn
  logtide stats --text timeout --since 7d          counts matching entries by reading them
  logtide stats --since today --output json | jq .by_level";

/// Shows how much was logged over time, top services and top errors.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{}", times::TIMES))]
pub(crate) struct Stats {
    #[command(flatten)]
    filters: Filters,

    #[command(flatten)]
    range: Range,

    /// Format of the numbers
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    output: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people: a chart
    #[default]
    Pretty,
    /// One JSON object
    Json,
}

impl Stats {
    pub(crate) fn run(self, connection: &Connection, terminal: Terminal) -> Result<ExitCode, Failure> {
        let client = connection.client()?;
        let (from, to) = self.range.bounds()?;
        let counts = Counts::new(from, to);
        let summary = read::read(&client, &self.filters, counts)?;
        let mut text = String::new();
        match self.output {
            Format::Json => json_line(&mut text, &summary)?,
            Format::Pretty => {
                Chart::new(&summary, terminal).write(&mut text);
                summary.write_lists(&mut text, terminal);
            }
        }
        io::stdout().write_all(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
