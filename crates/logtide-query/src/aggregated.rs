//! Entry counts over time.

use std::{fmt, str::FromStr, sync::Arc};

use chrono::{DateTime, Utc};
use logtide_core::{ParseNameError, Timestamp};
use logtide_transport::Parameters;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{
    LevelCounts, QueryError, count,
    parameters::{earliest, require_order},
};

/// Options of [`QueryClient::get_aggregated_stats`](crate::QueryClient::get_aggregated_stats) and
/// [`QueryClient::timeseries`](crate::QueryClient::timeseries).
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use logtide_query::{AggregatedStatsOptions, Interval};
///
/// let now = SystemTime::now();
/// let options = AggregatedStatsOptions::new(now - Duration::from_secs(3_600), now)
///     .interval(Interval::FiveMinutes)
///     .service("api");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AggregatedStatsOptions {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    interval: Interval,
    service: Option<String>,
}

/// The interval that entries are counted for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Interval {
    /// A minute.
    Minute,
    /// Five minutes.
    FiveMinutes,
    /// An hour; the default.
    #[default]
    Hour,
    /// A day, in UTC.
    Day,
}

/// Entry counts over time, and the most frequent services and errors.
///
/// The server answers three separate requests. If one of the lists could not be read, it is empty and its error is
/// set.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct AggregatedStats {
    /// The intervals that have entries, oldest first.
    pub timeseries: Vec<TimeBucket>,
    /// The services with the most entries, up to ten, of all services.
    pub top_services: Vec<ServiceCount>,
    /// The error if `top_services` could not be read. Serialized as text.
    #[serde(serialize_with = "as_text", skip_serializing_if = "Option::is_none")]
    pub top_services_failure: Option<Arc<QueryError>>,
    /// The most frequent messages of errors, up to ten, of all services.
    pub top_errors: Vec<MessageCount>,
    /// The error if `top_errors` could not be read. Serialized as text.
    #[serde(serialize_with = "as_text", skip_serializing_if = "Option::is_none")]
    pub top_errors_failure: Option<Arc<QueryError>>,
}

/// Entry counts of one interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimeBucket {
    /// The start of the interval.
    pub bucket: DateTime<Utc>,
    /// The number of entries.
    #[serde(deserialize_with = "count::read")]
    pub total: u64,
    /// The number of entries of each level.
    #[serde(default)]
    pub by_level: LevelCounts,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A service and its number of entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ServiceCount {
    /// The service.
    pub service: String,
    /// The number of its entries.
    #[serde(deserialize_with = "count::read")]
    pub count: u64,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A message and its number of entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageCount {
    /// The message.
    pub message: String,
    /// The number of entries with this message.
    #[serde(deserialize_with = "count::read")]
    pub count: u64,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl AggregatedStatsOptions {
    /// Counts the entries between two times, both inclusive, by the hour.
    #[must_use]
    pub fn new(from: impl Into<Timestamp>, to: impl Into<Timestamp>) -> Self {
        Self { from: earliest(from), to: to.into(), interval: Interval::Hour, service: None }
    }

    /// Sets the interval. Default: [`Interval::Hour`].
    #[must_use]
    pub fn interval(mut self, interval: Interval) -> Self {
        self.interval = interval;
        self
    }

    /// Counts one service over time. The lists of services and errors are still those of all services. Default: all
    /// services.
    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.service = Some(service.into());
        self
    }

    pub(crate) fn path(&self) -> Result<String, QueryError> {
        require_order(self.from, self.to)?;
        let mut parameters = Parameters::default();
        parameters.add("from", self.from);
        parameters.add("to", self.to);
        parameters.add("interval", self.interval.as_str());
        parameters.add_all("service", &self.service);
        Ok(format!("/api/v1/logs/aggregated{parameters}"))
    }
}

fn as_text<S: Serializer>(failure: &Option<Arc<QueryError>>, serializer: S) -> Result<S::Ok, S::Error> {
    failure.as_ref().map(ToString::to_string).serialize(serializer)
}

impl Interval {
    /// All intervals, the shortest first.
    pub const ALL: [Self; 4] = [Self::Minute, Self::FiveMinutes, Self::Hour, Self::Day];

    /// The name on the wire: `1m`, `5m`, `1h` or `1d`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "1m",
            Self::FiveMinutes => "5m",
            Self::Hour => "1h",
            Self::Day => "1d",
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// Reads the name on the wire, in any case.
///
/// ```
/// use logtide_query::Interval;
///
/// assert_eq!("5m".parse(), Ok(Interval::FiveMinutes));
/// ```
impl FromStr for Interval {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_named = |interval: &Self| text.eq_ignore_ascii_case(interval.as_str());
        Self::ALL.into_iter().find(is_named).ok_or(ParseNameError::new("interval", "1m, 5m, 1h or 1d"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_intervals_go_both_ways() {
        assert_eq!(Interval::ALL.map(Interval::as_str), ["1m", "5m", "1h", "1d"]);
        for interval in Interval::ALL {
            assert_eq!(interval.to_string().to_uppercase().parse(), Ok(interval));
        }
        let error = "2m".parse::<Interval>().unwrap_err();
        assert_eq!(error.to_string(), "unknown interval: use 1m, 5m, 1h or 1d");
    }
}
