//! Options of a search.

use std::{fmt, str::FromStr};

use logtide_core::{Level, OwnedId, ParseNameError, Timestamp};
use logtide_transport::Parameters;
use uuid::Uuid;

use crate::{
    MetadataFilter, QueryError, metadata_filter,
    parameters::{earliest, require_order, require_range},
};

/// The largest page that the server returns.
pub(crate) const MAX_LIMIT: u32 = 1000;

/// Options of [`QueryClient::query`](crate::QueryClient::query).
///
/// An entry must match one value of each kind that is set. Without a time, servers from version 1.0 on search the
/// last 24 hours.
///
/// ```
/// use chrono::{DateTime, FixedOffset};
/// use logtide_core::{Level, Timestamp};
/// use logtide_query::QueryOptions;
///
/// let from: DateTime<FixedOffset> = "2026-11-22T10:00:00+01:00".parse()?;
/// let options = QueryOptions::new()
///     .service("api")
///     .level(Level::Error)
///     .level(Level::Critical)
///     .from_time(from)
///     .q("timeout")
///     .limit(200);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct QueryOptions {
    services: Vec<String>,
    levels: Vec<Level>,
    hostnames: Vec<String>,
    trace_id: Option<String>,
    session_id: Option<OwnedId<Uuid>>,
    pub(crate) from: Option<Timestamp>,
    to: Option<Timestamp>,
    q: Option<String>,
    search_mode: Option<SearchMode>,
    metadata: Vec<MetadataFilter>,
    pub(crate) limit: Option<u32>,
    pub(crate) offset: Option<u64>,
    pub(crate) cursor: Option<String>,
}

/// How the text of [`QueryOptions::q`] is compared with messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SearchMode {
    /// Whole words, including English inflections. This is the server's default.
    Fulltext,
    /// Any part of the message, ignoring case.
    Substring,
}

impl QueryOptions {
    /// Creates options that match everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a service to match.
    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.services.push(service.into());
        self
    }

    /// Adds services to match.
    #[must_use]
    pub fn services(mut self, services: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.services.extend(services.into_iter().map(Into::into));
        self
    }

    /// Adds a level to match.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.levels.push(level);
        self
    }

    /// Adds levels to match.
    #[must_use]
    pub fn levels(mut self, levels: impl IntoIterator<Item = Level>) -> Self {
        self.levels.extend(levels);
        self
    }

    /// Adds a host name to match, which is compared with `metadata.hostname`. Servers before version 1.0 ignore it.
    #[must_use]
    pub fn hostname(mut self, hostname: impl Into<String>) -> Self {
        self.hostnames.push(hostname.into());
        self
    }

    /// Adds host names to match.
    #[must_use]
    pub fn hostnames(mut self, hostnames: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.hostnames.extend(hostnames.into_iter().map(Into::into));
        self
    }

    /// Sets the trace id to match exactly.
    #[must_use]
    pub fn trace_id(mut self, trace_id: impl Into<String>) -> Self {
        self.trace_id = Some(trace_id.into());
        self
    }

    /// Sets the session id: a UUID, as such or as text. Servers before version 1.0 ignore it.
    #[must_use]
    pub fn session_id(mut self, session_id: impl Into<OwnedId<Uuid>>) -> Self {
        self.session_id = Some(session_id.into());
        self
    }

    /// Sets the earliest time, inclusive: a `SystemTime`, or a `chrono` time of any zone. Default: 24 hours ago.
    ///
    /// It is truncated to milliseconds, like the times of stored entries, so an entry that was logged after it is
    /// found.
    #[must_use]
    pub fn from_time(mut self, time: impl Into<Timestamp>) -> Self {
        self.from = Some(earliest(time));
        self
    }

    /// Sets the latest time, inclusive: a `SystemTime`, or a `chrono` time of any zone. Default: now.
    #[must_use]
    pub fn to_time(mut self, time: impl Into<Timestamp>) -> Self {
        self.to = Some(time.into());
        self
    }

    /// Sets the text to find in messages.
    #[must_use]
    pub fn q(mut self, text: impl Into<String>) -> Self {
        self.q = Some(text.into());
        self
    }

    /// Sets how the text is compared. Default: [`SearchMode::Fulltext`].
    #[must_use]
    pub fn search_mode(mut self, mode: SearchMode) -> Self {
        self.search_mode = Some(mode);
        self
    }

    /// Adds a condition on metadata, up to ten. All must match. Servers before version 1.0 ignore it.
    #[must_use]
    pub fn metadata(mut self, filter: MetadataFilter) -> Self {
        self.metadata.push(filter);
        self
    }

    /// Sets the maximum number of entries on a page, from 1 to 1,000. Default: 100, and 1,000 for
    /// [`query_all`](crate::QueryClient::query_all).
    #[must_use]
    pub fn limit(mut self, entries: u32) -> Self {
        self.limit = Some(entries);
        self
    }

    /// Sets how many entries to skip at the start, in addition to a cursor. Default: 0.
    #[must_use]
    pub fn offset(mut self, entries: u64) -> Self {
        self.offset = Some(entries);
        self
    }

    /// Continues after a page, from its [`next_cursor`](crate::LogsResponse::next_cursor).
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    pub(crate) fn path(&self) -> Result<String, QueryError> {
        Ok(format!("/api/v1/logs{}", self.parameters()?))
    }

    fn parameters(&self) -> Result<Parameters, QueryError> {
        require_range("limit", self.limit, MAX_LIMIT)?;
        if let (Some(from), Some(to)) = (self.from, self.to) {
            require_order(from, to)?;
        }
        let mut parameters = Parameters::default();
        parameters.add_all("service", &self.services);
        parameters.add_all("level", &self.levels);
        parameters.add_all("hostname", &self.hostnames);
        parameters.add_all("traceId", &self.trace_id);
        parameters.add_all("sessionId", self.session_id.as_deref());
        parameters.add_all("from", self.from);
        parameters.add_all("to", self.to);
        parameters.add_all("q", &self.q);
        parameters.add_all("searchMode", self.search_mode.map(SearchMode::as_str));
        parameters.add_all("metadata_filters", metadata_filter::encode(&self.metadata)?);
        parameters.add_all("limit", self.limit);
        parameters.add_all("offset", self.offset);
        parameters.add_all("cursor", &self.cursor);
        Ok(parameters)
    }
}

impl SearchMode {
    /// The name on the wire: `fulltext` or `substring`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fulltext => "fulltext",
            Self::Substring => "substring",
        }
    }
}

impl fmt::Display for SearchMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// Reads the name on the wire, in any case.
impl FromStr for SearchMode {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_named = |mode: &Self| text.eq_ignore_ascii_case(mode.as_str());
        [Self::Fulltext, Self::Substring]
            .into_iter()
            .find(is_named)
            .ok_or(ParseNameError::new("search mode", "fulltext or substring"))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, FixedOffset, Utc};

    use super::*;

    #[test]
    fn names_of_search_modes_go_both_ways() {
        for mode in [SearchMode::Fulltext, SearchMode::Substring] {
            assert_eq!(mode.to_string().to_uppercase().parse(), Ok(mode));
        }
        let error = "full".parse::<SearchMode>().unwrap_err();
        assert_eq!(error.to_string(), "unknown search mode: use fulltext or substring");
    }

    fn sent(options: QueryOptions) -> String {
        options.parameters().unwrap().to_string()
    }

    #[test]
    fn what_is_not_asked_for_is_not_sent() {
        assert_eq!(sent(QueryOptions::new()), "");
    }

    #[test]
    fn repeated_values_are_repeated_parameters() {
        let options = QueryOptions::new()
            .service("api")
            .services(["a,b"])
            .levels([Level::Error])
            .level(Level::Critical)
            .hostname("h1")
            .hostnames(["h2"]);
        let expected = "?service=api&service=a%2Cb&level=error&level=critical&hostname=h1&hostname=h2";
        assert_eq!(sent(options), expected);
    }

    #[test]
    fn times_are_sent_in_utc_with_z() {
        let berlin: DateTime<FixedOffset> = "2026-11-22T10:00:00+01:00".parse().unwrap();
        let precise: DateTime<Utc> = "2026-11-22T10:00:00.123456Z".parse().unwrap();
        assert_eq!(
            sent(QueryOptions::new().from_time(berlin).to_time(precise)),
            "?from=2026-11-22T09%3A00%3A00.000000Z&to=2026-11-22T10%3A00%3A00.123456Z"
        );
    }

    #[test]
    fn the_earliest_time_is_cut_to_what_the_server_keeps() {
        let precise: DateTime<Utc> = "2026-11-22T10:00:00.123999Z".parse().unwrap();
        assert_eq!(sent(QueryOptions::new().from_time(precise)), "?from=2026-11-22T10%3A00%3A00.123000Z");
    }

    #[test]
    fn every_other_option_has_the_name_the_server_knows() {
        let options = QueryOptions::new()
            .trace_id("T/1")
            .session_id(Uuid::nil())
            .q("out of memory")
            .search_mode(SearchMode::Substring)
            .metadata(MetadataFilter::exists("a"))
            .limit(1000)
            .offset(20)
            .cursor("MjAy==");
        let expected = "?traceId=T%2F1&sessionId=00000000-0000-0000-0000-000000000000&q=out%20of%20memory\
                        &searchMode=substring\
                        &metadata_filters=%5B%7B%22key%22%3A%22a%22%2C%22op%22%3A%22exists%22%7D%5D&limit=1000&offset=20&cursor=MjAy%3D%3D";
        assert_eq!(sent(options), expected);
    }

    #[test]
    fn a_limit_that_the_server_refuses_is_refused_here() {
        for limit in [0, 1001] {
            let error = QueryOptions::new().limit(limit).parameters().unwrap_err();
            assert!(error.to_string().contains("from 1 to 1000"), "{error}");
        }
    }
}
