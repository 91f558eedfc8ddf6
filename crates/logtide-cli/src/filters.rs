//! Filters of entries.

mod levels;
mod metadata;

use clap::Args;
use logtide::{LogRecord, QueryOptions, SearchMode, StreamOptions};

use self::{levels::Levels, metadata::Condition};

/// Which entries are meant. Values of one kind are alternatives, save for metadata; different kinds must all match.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filters {
    /// Entries of this service; if repeated, of any of them
    #[arg(short, long, value_name = "NAME")]
    pub(crate) service: Vec<String>,

    /// Entries of this level and above: debug, info, warn, error, critical; `=warn` or `=info,error` for exactly those
    #[arg(short, long, value_name = "LEVEL", value_parser = Levels::parse)]
    level: Option<Levels>,

    /// Entries with this text in the message, ignoring case
    #[arg(short, long, value_name = "TEXT")]
    text: Option<String>,

    /// Entries with this metadata: `key=value`, `key!=value`, `key~part` or just `key`; if repeated, all must match
    #[arg(short, long, value_name = "KEY=VALUE", value_parser = Condition::parse)]
    metadata: Vec<Condition>,

    /// Entries of this trace
    #[arg(long, value_name = "ID")]
    trace: Option<String>,
}

impl Filters {
    /// Returns the options of a query for these filters.
    pub(crate) fn query(&self) -> QueryOptions {
        let mut options = QueryOptions::new().services(&self.service).levels(self.levels());
        if let Some(text) = &self.text {
            options = options.q(text).search_mode(SearchMode::Substring);
        }
        if let Some(trace) = &self.trace {
            options = options.trace_id(trace);
        }
        // The server accepts ten metadata filters; `admits` checks the rest.
        self.metadata.iter().take(10).fold(options, |options, condition| options.metadata(condition.filter()))
    }

    /// Returns the options of a stream. The stream filters only by service and level; [`matches`](Self::matches) checks the rest.
    pub(crate) fn stream(&self, options: StreamOptions) -> StreamOptions {
        options.services(&self.service).levels(self.levels())
    }

    /// Whether an entry matches.
    pub(crate) fn matches(&self, record: &LogRecord) -> bool {
        let text = self.text.as_ref().map(|text| text.to_lowercase());
        (self.service.is_empty() || self.service.contains(&record.service))
            && self.level.as_ref().is_none_or(|levels| levels.contains(record.level))
            && text.is_none_or(|text| record.message.to_lowercase().contains(&text))
            && self.admits(record)
    }

    /// Whether an entry from a [`query`](Self::query) matches. Servers before version 1.0 ignore metadata filters.
    pub(crate) fn admits(&self, record: &LogRecord) -> bool {
        self.trace.as_ref().is_none_or(|trace| record.trace_id.as_ref() == Some(trace))
            && self.metadata.iter().all(|condition| condition.holds(&record.metadata))
    }

    /// Whether services and levels are the only filters.
    pub(crate) fn are_simple(&self) -> bool {
        self.text.is_none() && self.trace.is_none() && self.metadata.is_empty()
    }

    /// Whether a level matches.
    pub(crate) fn has_level(&self, level: logtide::Level) -> bool {
        self.level.as_ref().is_none_or(|levels| levels.contains(level))
    }

    fn levels(&self) -> impl Iterator<Item = logtide::Level> {
        self.level.iter().flat_map(Levels::iter)
    }
}
