//! Counts.

use std::sync::Arc;

use futures_util::{FutureExt as _, future::try_join3};
use logtide_core::Timestamp;
use logtide_transport::Parameters;

use super::QueryClient;
use crate::{
    AggregatedStats, AggregatedStatsOptions, LogStats, MessageCount, QueryError, ServiceCount, StatsOptions,
    TimeBucket,
    parameters::require_range,
    response::{SeriesBody, TopErrorsBody, TopServicesBody},
};

/// The longest list that the server returns.
const MAX_TOP: u32 = 50;

/// The length of the two lists of [`AggregatedStats`].
const AGGREGATED_TOP: u32 = 10;

/// From and to.
type Range = Option<(Timestamp, Timestamp)>;

impl QueryClient {
    /// Counts entries over time, and lists the services and error messages with the most entries of that time.
    ///
    /// This sends three requests at the same time. If one of the lists cannot be read, the call succeeds, and
    /// [`AggregatedStats`] has the error. Use [`timeseries`](Self::timeseries) for the counts only.
    ///
    /// # Errors
    ///
    /// A [`QueryError`] if the counts over time cannot be read; [`QueryError::TimeRange`] if the time range ends
    /// before it starts.
    pub fn get_aggregated_stats(
        &self,
        options: AggregatedStatsOptions,
    ) -> impl Future<Output = Result<AggregatedStats, QueryError>> + Send + use<> {
        let range = Some((options.from, options.to));
        let series = self.timeseries(options);
        // If there is no series, the call does not wait for the lists. It does not depend on their success.
        let services = self.top_services_in(AGGREGATED_TOP, range).map(Ok);
        let errors = self.top_errors_in(AGGREGATED_TOP, range).map(Ok);
        async {
            let (timeseries, services, errors) = try_join3(series, services, errors).await?;
            let (top_services, top_services_failure) = list_or_failure(services);
            let (top_errors, top_errors_failure) = list_or_failure(errors);
            Ok(AggregatedStats {
                timeseries,
                top_services,
                top_services_failure,
                top_errors,
                top_errors_failure,
            })
        }
    }

    /// Counts entries over time: the intervals in which something was logged, oldest first.
    ///
    /// # Errors
    ///
    /// A [`QueryError`]; [`QueryError::TimeRange`] if the time range ends before it starts.
    pub fn timeseries(
        &self,
        options: AggregatedStatsOptions,
    ) -> impl Future<Output = Result<Vec<TimeBucket>, QueryError>> + Send + use<> {
        let body = self.get::<SeriesBody>(options.path());
        async { body.await.map(|body| body.timeseries) }
    }

    /// Lists the services with most entries in the last 7 days, the first with most. `limit` is from 1 to 50.
    ///
    /// The result may be up to 5 minutes old.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn top_services(
        &self,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<ServiceCount>, QueryError>> + Send + use<> {
        self.top_services_in(limit, None)
    }

    /// Lists the messages that entries of level error and critical had most often in the last 24 hours, the first with
    /// most. `limit` is from 1 to 50.
    ///
    /// The result may be up to 5 minutes old.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn top_errors(
        &self,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<MessageCount>, QueryError>> + Send + use<> {
        self.top_errors_in(limit, None)
    }

    /// Counts entries by level.
    ///
    /// Servers of version 0.5.0 ignore the time range, and count all entries.
    ///
    /// # Errors
    ///
    /// A [`QueryError`]; [`QueryError::TimeRange`] if the time range ends before it starts.
    pub fn stats(
        &self,
        options: StatsOptions,
    ) -> impl Future<Output = Result<LogStats, QueryError>> + Send + use<> {
        self.get(options.path("stats"))
    }

    fn top_services_in(
        &self,
        limit: u32,
        range: Range,
    ) -> impl Future<Output = Result<Vec<ServiceCount>, QueryError>> + Send + use<> {
        let body = self.get::<TopServicesBody>(top_path("services", limit, range));
        async { body.await.map(|body| body.services) }
    }

    fn top_errors_in(
        &self,
        limit: u32,
        range: Range,
    ) -> impl Future<Output = Result<Vec<MessageCount>, QueryError>> + Send + use<> {
        let body = self.get::<TopErrorsBody>(top_path("errors", limit, range));
        async { body.await.map(|body| body.errors) }
    }
}

/// A list without an error, or an empty list with its error.
fn list_or_failure<T>(list: Result<Vec<T>, QueryError>) -> (Vec<T>, Option<Arc<QueryError>>) {
    match list {
        Ok(list) => (list, None),
        Err(failure) => (Vec::new(), Some(Arc::new(failure))),
    }
}

fn top_path(what: &str, limit: u32, range: Range) -> Result<String, QueryError> {
    require_range("limit", Some(limit), MAX_TOP)?;
    let mut parameters = Parameters::default();
    parameters.add("limit", limit);
    parameters.add_all("from", range.map(|(from, _)| from));
    parameters.add_all("to", range.map(|(_, to)| to));
    Ok(format!("/api/v1/logs/top-{what}{parameters}"))
}
