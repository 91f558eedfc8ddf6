//! `logtide trace`.

mod timeline;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use chrono::DateTime;
use clap::{Args, ValueEnum};
use logtide::{Client, LogRecord, QueryError, QueryOptions, SpanTree, StoredSpan};
use serde::Serialize;

use self::timeline::Timeline;
use crate::{
    connection::Connection,
    failure::{Failure, say},
    output::json_line,
    terminal::Terminal,
};

/// The most entries of a trace that are shown.
const MAX_ENTRIES: usize = 10_000;

const EXAMPLES: &str = "\
Examples:
  logtide trace 4bf92f3577b34da6a3ce929d0e0e4736
  logtide trace 4bf92f3577b34da6a3ce929d0e0e4736 --output json | jq 'select(.type == \"span\")'

An entry is shown below the span that it was logged in, judged by its time and service.";

/// Shows the spans and entries of a trace in chronological order.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Trace {
    /// The id of the trace, case-sensitive
    id: String,

    /// Format of the trace
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    output: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people: a timeline
    #[default]
    Pretty,
    /// One JSON object per line, for each span and entry
    Json,
}

/// A span or an entry, as a line of JSON.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Item<'a> {
    Span(&'a StoredSpan),
    Entry(&'a LogRecord),
}

impl Trace {
    pub(crate) fn run(self, connection: &Connection, terminal: Terminal) -> Result<ExitCode, Failure> {
        let client = connection.client()?;
        let spans = match client.trace_spans_blocking(&self.id) {
            Ok(spans) => spans,
            // The server has no spans of this trace, or is too old to store spans.
            Err(QueryError::NotFound { .. } | QueryError::UnknownEndpoint { .. }) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let (entries, has_more) = self.entries(&client)?;
        if spans.is_empty() && entries.is_empty() {
            return Err(Failure::new(
                Failure::PARTIAL,
                format_args!("there is no trace `{}`: check the id, which is case-sensitive", self.id),
            ));
        }
        let mut text = String::new();
        match self.output {
            Format::Json => {
                for span in &spans {
                    json_line(&mut text, &Item::Span(span))?;
                }
                for entry in &entries {
                    json_line(&mut text, &Item::Entry(entry))?;
                }
            }
            Format::Pretty => {
                let tree = SpanTree::new(spans).with_entries(entries);
                Timeline::new(&tree, terminal).write(&mut text);
            }
        }
        io::stdout().write_all(text.as_bytes())?;
        if has_more {
            say(format_args!(
                "the trace has more entries than the {MAX_ENTRIES} that are shown: see all with `logtide query --trace {} --limit all --since TIME`",
                self.id
            ));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Returns the entries of the trace by time, and whether there are more. The server's own list for a trace ends at 1,000
    /// without saying so.
    fn entries(&self, client: &Client) -> Result<(Vec<LogRecord>, bool), Failure> {
        let options = QueryOptions::new().trace_id(&self.id).from_time(DateTime::UNIX_EPOCH);
        let mut found = client.query_all_blocking(options);
        let mut entries = found.by_ref().take(MAX_ENTRIES).collect::<Result<Vec<_>, _>>()?;
        entries.reverse();
        let has_more = entries.len() == MAX_ENTRIES && found.next().transpose()?.is_some();
        Ok((entries, has_more))
    }
}
