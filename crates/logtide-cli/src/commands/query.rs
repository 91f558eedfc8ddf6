//! `logtide query`.

mod context;
mod history;
mod limit;

use std::process::ExitCode;

use chrono::{DateTime, Local, TimeDelta, Utc};
use clap::Args;
use logtide::{Client, LogRecord, QueryError};

use self::{context::Surroundings, history::History, limit::Limit};
use crate::{
    connection::Connection,
    failure::{Failure, say},
    filters::Filters,
    output::{Mark, Output, OutputOptions},
    terminal::Terminal,
    times,
};

/// The largest page of the server, in entries.
const MAX_PAGE: u32 = 1_000;

const EXAMPLES: &str = "\
Examples:
  logtide query --since 1h --level error           errors of the last hour
  logtide query --service api --text timeout --context 5
  logtide query --from yesterday --to today --limit all --output json > day.jsonl
  logtide query --metadata 'status~50' --reverse | head";

/// Shows stored entries: the latest that match, oldest first.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{}", times::TIMES))]
pub(crate) struct Query {
    #[command(flatten)]
    filters: Filters,

    #[command(flatten)]
    range: Range,

    /// Shows at most this many entries, the latest that match, or `all`
    #[arg(short = 'n', long, value_name = "NUMBER", default_value = "100", value_parser = Limit::parse)]
    limit: Limit,

    /// Shows the newest entry first
    #[arg(short, long)]
    reverse: bool,

    /// Shows this many entries of all services before and after each match, up to 50
    #[arg(short = 'C', long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=50), conflicts_with = "reverse")]
    context: Option<u32>,

    #[command(flatten)]
    output: OutputOptions,
}

/// The time of entries.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Time")]
pub(crate) struct Range {
    /// Entries since this time, such as `1h`, `today` or `2026-11-22 10:00` [default: 24h before the end]
    #[arg(long, visible_alias = "from", value_name = "TIME", value_parser = times::parse)]
    since: Option<DateTime<Utc>>,

    /// Entries until this time [default: now]
    #[arg(long, visible_alias = "until", value_name = "TIME", value_parser = times::parse)]
    to: Option<DateTime<Utc>>,
}

impl Range {
    /// Returns the first and the last moment.
    pub(crate) fn bounds(self) -> Result<(DateTime<Utc>, DateTime<Utc>), Failure> {
        let to = self.to.unwrap_or_else(Utc::now);
        let from = self.since.unwrap_or_else(|| to - TimeDelta::days(1));
        if from > to {
            let sentence = format!(
                "the time range starts at {} but ends earlier, at {}: swap them",
                shown(from),
                shown(to)
            );
            return Err(Failure::new(Failure::USAGE, sentence));
        }
        Ok((from, to))
    }
}

/// Formats a time for a sentence.
pub(crate) fn shown(time: DateTime<Utc>) -> impl std::fmt::Display {
    time.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S")
}

impl Query {
    pub(crate) fn run(self, connection: &Connection, terminal: Terminal) -> Result<ExitCode, Failure> {
        let client = connection.client()?;
        let mut output = Output::new(self.output, terminal);
        let (from, to) = self.range.bounds()?;
        let mut options = self.filters.query().from_time(from);
        if self.range.to.is_some() {
            options = options.to_time(to);
        }
        // One more than is shown tells whether there are more.
        let page = self
            .limit
            .entries()
            .map_or(MAX_PAGE, |limit| limit.saturating_add(1).min(MAX_PAGE.into()) as u32);
        let found = client.query_all_blocking(options.limit(page));
        let mut found =
            found.filter(|record| record.as_ref().map_or(true, |record| self.filters.admits(record)));
        let shown_entries = match self.reverse {
            true => self.write_as_found(&mut found, &mut output),
            false => self.write_oldest_first(&client, &mut found, &mut output),
        }?;
        output.flush()?;
        if self.limit.is_reached(shown_entries) && found.next().transpose()?.is_some() {
            say(format_args!(
                "there are more entries; these are the latest {shown_entries}: see more with --limit NUMBER or --limit all"
            ));
        }
        if shown_entries == 0 {
            say(format_args!("no entries match from {} to {}", shown(from), shown(to)));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Writes entries in the order of the server, and counts them.
    fn write_as_found(
        &self,
        found: &mut impl Iterator<Item = Result<LogRecord, QueryError>>,
        output: &mut Output,
    ) -> Result<u64, Failure> {
        let mut count = 0;
        while !self.limit.is_reached(count) {
            let Some(record) = found.next() else { break };
            match record {
                Ok(record) => output.entry(&record, Mark::None)?,
                Err(error) => {
                    output.flush()?;
                    return Err(error.into());
                }
            }
            count += 1;
        }
        Ok(count)
    }

    /// Writes entries in the order of time, and counts them. Also writes what was found before a failure.
    fn write_oldest_first(
        &self,
        client: &Client,
        found: &mut impl Iterator<Item = Result<LogRecord, QueryError>>,
        output: &mut Output,
    ) -> Result<u64, Failure> {
        let mut history = History::default();
        let mut failure = None;
        while !self.limit.is_reached(history.len()) {
            match found.next() {
                Some(Ok(record)) => history.push(&record)?,
                Some(Err(error)) => {
                    failure = Some(error);
                    break;
                }
                None => break,
            }
        }
        let count = history.len();
        let mut surroundings = self.context.map(|entries| Surroundings::new(client, &self.filters, entries));
        history.oldest_first(|record| match &mut surroundings {
            None => output.entry(&record, Mark::None),
            Some(surroundings) => surroundings.write(record, output),
        })?;
        output.flush()?;
        match failure {
            Some(error) => Err(error.into()),
            None => Ok(count),
        }
    }
}
