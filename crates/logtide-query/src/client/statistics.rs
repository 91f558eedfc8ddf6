//! Counts.

use futures_util::future::try_join3;
use logtide_core::Timestamp;
use logtide_transport::Parameters;

use super::{QueryClient, block_on};
use crate::{
    AggregatedStats, AggregatedStatsOptions, LogStats, MessageCount, QueryError, ServiceCount, StatsOptions,
    parameters::require_range,
    response::{SeriesBody, TopErrorsBody, TopServicesBody},
};

/// The longest list that the server gives.
const MAX_TOP: u32 = 50;

/// Entries of the two lists of [`AggregatedStats`].
const AGGREGATED_TOP: u32 = 10;

/// From and to.
type Range = Option<(Timestamp, Timestamp)>;

impl QueryClient {
    /// Counts entries over time, and lists the services and errors with most of them in the same time.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do; [`QueryError::TimeRange`] where the time ends before it begins.
    pub fn get_aggregated_stats(
        &self,
        options: AggregatedStatsOptions,
    ) -> impl Future<Output = Result<AggregatedStats, QueryError>> + Send + use<> {
        let range = Some((options.from, options.to));
        let series = self.get::<SeriesBody>(options.path());
        let services = self.top_services_in(AGGREGATED_TOP, range);
        let errors = self.top_errors_in(AGGREGATED_TOP, range);
        async {
            let (series, top_services, top_errors) = try_join3(series, services, errors).await?;
            Ok(AggregatedStats { timeseries: series.timeseries, top_services, top_errors })
        }
    }

    /// Counts as [`get_aggregated_stats`](Self::get_aggregated_stats) does, and blocks the calling thread meanwhile.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn get_aggregated_stats_blocking(
        &self,
        options: AggregatedStatsOptions,
    ) -> Result<AggregatedStats, QueryError> {
        block_on(self.get_aggregated_stats(options))
    }

    /// Lists the services with most entries in the last 7 days, the first with most. `limit` is from 1 to 50.
    ///
    /// The server may be up to 5 minutes behind.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn top_services(
        &self,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<ServiceCount>, QueryError>> + Send + use<> {
        self.top_services_in(limit, None)
    }

    /// Lists as [`top_services`](Self::top_services) does, and blocks the calling thread meanwhile.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn top_services_blocking(&self, limit: u32) -> Result<Vec<ServiceCount>, QueryError> {
        block_on(self.top_services(limit))
    }

    /// Lists the messages that entries of level error and critical had most often in the last 24 hours, the first with
    /// most. `limit` is from 1 to 50.
    ///
    /// The server may be up to 5 minutes behind.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn top_errors(
        &self,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<MessageCount>, QueryError>> + Send + use<> {
        self.top_errors_in(limit, None)
    }

    /// Lists as [`top_errors`](Self::top_errors) does, and blocks the calling thread meanwhile.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn top_errors_blocking(&self, limit: u32) -> Result<Vec<MessageCount>, QueryError> {
        block_on(self.top_errors(limit))
    }

    /// Counts entries by level.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do; [`QueryError::TimeRange`] where the time ends before it begins.
    pub fn stats(
        &self,
        options: StatsOptions,
    ) -> impl Future<Output = Result<LogStats, QueryError>> + Send + use<> {
        self.get(options.path())
    }

    /// Counts as [`stats`](Self::stats) does, and blocks the calling thread meanwhile.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn stats_blocking(&self, options: StatsOptions) -> Result<LogStats, QueryError> {
        block_on(self.stats(options))
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

fn top_path(what: &str, limit: u32, range: Range) -> Result<String, QueryError> {
    require_range("limit", Some(limit), MAX_TOP)?;
    let mut parameters = Parameters::default();
    parameters.add("limit", limit);
    parameters.add_all("from", range.map(|(from, _)| from));
    parameters.add_all("to", range.map(|(_, to)| to));
    Ok(format!("/api/v1/logs/top-{what}{parameters}"))
}
