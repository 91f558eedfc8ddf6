//! Options for listing traces.

use std::time::Duration;

use logtide_core::Timestamp;
use logtide_transport::Parameters;

use crate::{
    QueryError,
    parameters::{earliest, require_order, require_range},
};

/// The longest list that the server returns.
const MAX_LIMIT: u32 = 100;

/// Options of [`QueryClient::traces`](crate::QueryClient::traces).
///
/// A trace must match one of the services, and all other conditions. Without a time, servers of version 1.0 list the
/// traces of the last 30 days.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use logtide_query::TraceOptions;
///
/// let options = TraceOptions::new()
///     .service("shop")
///     .error(true)
///     .from_time(SystemTime::now() - Duration::from_secs(3_600))
///     .min_duration(Duration::from_millis(500))
///     .limit(100);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TraceOptions {
    services: Vec<String>,
    error: Option<bool>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    min_duration: Option<Duration>,
    max_duration: Option<Duration>,
    limit: Option<u32>,
    offset: Option<u64>,
}

impl TraceOptions {
    /// Creates options that list the latest traces.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a service to match, which is compared with the [`service`](crate::TraceSummary::service) of a trace.
    ///
    /// The server accepts them as one list with commas. A name that is empty, contains a comma, or starts or ends
    /// with white space gives [`QueryError::ServiceName`].
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

    /// Lists only traces with an error, or only those without. Default: both.
    #[must_use]
    pub fn error(mut self, error: bool) -> Self {
        self.error = Some(error);
        self
    }

    /// Sets the earliest start, inclusive: a `SystemTime`, or a `chrono` time of any zone. Default: that of the server, 30
    /// days ago in version 1.0.
    ///
    /// It is truncated to milliseconds, like the times of stored spans, so a trace that starts after it is found.
    #[must_use]
    pub fn from_time(mut self, time: impl Into<Timestamp>) -> Self {
        self.from = Some(earliest(time));
        self
    }

    /// Sets the latest start, inclusive: a `SystemTime`, or a `chrono` time of any zone. Default: now.
    #[must_use]
    pub fn to_time(mut self, time: impl Into<Timestamp>) -> Self {
        self.to = Some(time.into());
        self
    }

    /// Sets the shortest duration, inclusive. It is truncated to milliseconds, like stored durations, and to 2^31 ms,
    /// about 25 days. Default: zero.
    #[must_use]
    pub fn min_duration(mut self, duration: Duration) -> Self {
        self.min_duration = Some(duration);
        self
    }

    /// Sets the longest duration, inclusive. It is truncated to milliseconds, like stored durations. From 2^31 ms on,
    /// about 25 days, there is no limit. Default: no limit.
    #[must_use]
    pub fn max_duration(mut self, duration: Duration) -> Self {
        self.max_duration = Some(duration);
        self
    }

    /// Sets the maximum number of traces, from 1 to 100. Default: that of the server, 50 in version 1.0.
    ///
    /// The server returns at most 100 at once. To continue, set the [`offset`](Self::offset), or set the latest start
    /// to the start of the last trace.
    #[must_use]
    pub fn limit(mut self, traces: u32) -> Self {
        self.limit = Some(traces);
        self
    }

    /// Sets how many traces to skip at the start. New traces move the others, so some appear twice; set a latest
    /// start to avoid this. Default: 0.
    #[must_use]
    pub fn offset(mut self, traces: u64) -> Self {
        self.offset = Some(traces);
        self
    }

    pub(crate) fn path(&self) -> Result<String, QueryError> {
        require_range("limit", self.limit, MAX_LIMIT)?;
        if let (Some(from), Some(to)) = (self.from, self.to) {
            require_order(from, to)?;
        }
        if let (Some(min), Some(max)) = (self.min_duration, self.max_duration)
            && min > max
        {
            return Err(QueryError::DurationRange { min, max });
        }
        let mut parameters = Parameters::default();
        parameters.add_all("service", service_list(&self.services)?);
        parameters.add_all("error", self.error);
        parameters.add_all("from", self.from);
        parameters.add_all("to", self.to);
        parameters
            .add_all("minDurationMs", self.min_duration.map(|min| whole_millis(min).unwrap_or(i32::MAX)));
        parameters.add_all("maxDurationMs", self.max_duration.and_then(whole_millis));
        parameters.add_all("limit", self.limit);
        parameters.add_all("offset", self.offset);
        Ok(format!("/api/v1/traces{parameters}"))
    }
}

/// The list of services, if there are any. The server trims names, ignores empty ones, and takes an empty list for
/// all.
fn service_list(services: &[String]) -> Result<Option<String>, QueryError> {
    let is_listable = |name: &str| !name.is_empty() && !name.contains(',') && name.trim() == name;
    match services.iter().find(|name| !is_listable(name)) {
        Some(name) => Err(QueryError::ServiceName(name.clone())),
        None => Ok((!services.is_empty()).then(|| services.join(","))),
    }
}

/// Milliseconds, or nothing from 2^31 on, about 25 days: that may be more than the server can compare with.
fn whole_millis(duration: Duration) -> Option<i32> {
    i32::try_from(duration.as_millis()).ok()
}
