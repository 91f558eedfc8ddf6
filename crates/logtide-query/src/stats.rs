//! Numbers of entries in a time.

use logtide_core::Timestamp;
use logtide_transport::Parameters;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    LevelCounts, QueryError, count,
    parameters::{earliest, require_order},
};

/// The time that [`QueryClient::stats`](crate::QueryClient::stats), [`QueryClient::trace_stats`](crate::QueryClient::trace_stats) and
/// [`QueryClient::trace_dependencies`](crate::QueryClient::trace_dependencies) count in. Default: all time.
///
/// Servers of version 0.5.0 count the entries of all time whatever is set here. On these,
/// [`QueryClient::timeseries`](crate::QueryClient::timeseries) counts those of a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatsOptions {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

/// How many entries there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogStats {
    /// All together.
    #[serde(deserialize_with = "count::read")]
    pub total: u64,
    /// By level.
    #[serde(default)]
    pub by_level: LevelCounts,
    /// Whatever else the server said.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl StatsOptions {
    /// Counts what is there of all time.
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

    /// The address of what counts in this time.
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
