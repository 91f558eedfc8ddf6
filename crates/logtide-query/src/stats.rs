//! Entry counts.

use logtide_core::Timestamp;
use logtide_transport::Parameters;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    LevelCounts, QueryError, count,
    parameters::{earliest, require_order},
};

/// The time range of [`QueryClient::stats`](crate::QueryClient::stats),
/// [`QueryClient::trace_stats`](crate::QueryClient::trace_stats) and
/// [`QueryClient::trace_dependencies`](crate::QueryClient::trace_dependencies). Default: all time.
///
/// Servers of version 0.5.0 ignore the range. On these, use
/// [`QueryClient::timeseries`](crate::QueryClient::timeseries).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatsOptions {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

/// Entry counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogStats {
    /// The total.
    #[serde(deserialize_with = "count::read")]
    pub total: u64,
    /// By level.
    #[serde(default)]
    pub by_level: LevelCounts,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl StatsOptions {
    /// Creates options without a time range.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the earliest time, inclusive. Default: none.
    #[must_use]
    pub fn from_time(mut self, time: impl Into<Timestamp>) -> Self {
        self.from = Some(earliest(time));
        self
    }

    /// Sets the latest time, inclusive. Default: none.
    #[must_use]
    pub fn to_time(mut self, time: impl Into<Timestamp>) -> Self {
        self.to = Some(time.into());
        self
    }

    /// The path of the endpoint with this range.
    pub(crate) fn path(self, what: &str) -> Result<String, QueryError> {
        if let (Some(from), Some(to)) = (self.from, self.to) {
            require_order(from, to)?;
        }
        let mut parameters = Parameters::default();
        parameters.add_all("from", self.from);
        parameters.add_all("to", self.to);
        Ok(format!("/api/v1/{what}{parameters}"))
    }
}
