//! Which traces to list.

use std::time::Duration;

use logtide_core::Timestamp;
use logtide_transport::Parameters;

use crate::{
    QueryError,
    parameters::{earliest, require_order, require_range},
};

/// The longest list that the server gives.
const MAX_LIMIT: u32 = 100;

/// Which traces [`QueryClient::traces`](crate::QueryClient::traces) lists.
///
/// Services are alternatives; different conditions must all hold. Without a time, servers of version 1.0 list the traces
/// of the last 30 days.
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
    /// Lists the latest traces.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a service, compared with the [`service`](crate::TraceSummary::service) of a trace; several are alternatives.
    ///
    /// The server takes them as one list with commas. A name that is empty, holds a comma, or begins or ends with white space
    /// cannot be in it: [`QueryError::ServiceName`].
    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.services.push(service.into());
        self
    }

    /// Adds several services.
    #[must_use]
    pub fn services(mut self, services: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.services.extend(services.into_iter().map(Into::into));
        self
    }

    /// Lists the traces with an error, or those without. Default: both.
    #[must_use]
    pub fn error(mut self, error: bool) -> Self {
        self.error = Some(error);
        self
    }

    /// Sets the earliest start, inclusive: a `SystemTime`, or a `chrono` time of any zone. Default: that of the server, 30
    /// days ago in version 1.0.
    ///
    /// It is cut to milliseconds, as the server cuts the times of spans: a trace that starts after it is found.
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

    /// Sets the shortest duration, inclusive. It is cut to milliseconds, as the server cuts durations, and to 2^31 of them, about
    /// 25 days. Default: zero.
    #[must_use]
    pub fn min_duration(mut self, duration: Duration) -> Self {
        self.min_duration = Some(duration);
        self
    }

    /// Sets the longest duration, inclusive. It is cut to milliseconds, as the server cuts durations; from 2^31 of them on, about
    /// 25 days, there is no longest. Default: none.
    #[must_use]
    pub fn max_duration(mut self, duration: Duration) -> Self {
        self.max_duration = Some(duration);
        self
    }

    /// Sets how many traces to give at most, from 1 to 100. Default: that of the server, 50 in version 1.0.
    ///
    /// The server never gives more than 100 at once. To go on, set the [`offset`](Self::offset), or the latest start to the
    /// start of the last trace.
    #[must_use]
    pub fn limit(mut self, traces: u32) -> Self {
        self.limit = Some(traces);
        self
    }

    /// Sets how many traces to leave out at the start. Traces that arrive meanwhile move the others on, so that some come
    /// twice; a latest start keeps them away. Default: 0.
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

/// The list of services, if there are any. The server trims names, leaves empty ones out, and takes an empty list for all.
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
