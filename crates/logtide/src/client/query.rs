//! Reading back.

use logtide_query::{
    AggregatedStats, AggregatedStatsOptions, ContextOptions, LogContext, LogRecord, LogStats, LogsResponse,
    MessageCount, QueryAll, QueryAllBlocking, QueryError, QueryOptions, ServiceCount, StatsOptions,
    TimeBucket,
};

use super::Client;

/// Reading back. It needs a key with full access, and works on any async runtime; each call has a twin that blocks the
/// calling thread and needs no runtime.
///
/// Where the server's rate limit is reached, a call waits as long as the server says, at most 30 s in total.
impl Client {
    /// Searches entries, newest first, and gives one page of them. Without a time range the server looks at the last 24
    /// hours.
    ///
    /// # Errors
    ///
    /// The server refuses the query, cannot be reached, or does not answer in time; a write-only key cannot read.
    pub async fn query(&self, options: QueryOptions) -> Result<LogsResponse, QueryError> {
        self.reader.query(options).await
    }

    /// As [`Client::query`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub fn query_blocking(&self, options: QueryOptions) -> Result<LogsResponse, QueryError> {
        self.reader.query_blocking(options)
    }

    /// Searches entries and gives all of them as a stream, newest first, each once, page by page.
    pub fn query_all(&self, options: QueryOptions) -> QueryAll {
        self.reader.query_all(options)
    }

    /// As [`Client::query_all`], an iterator that blocks the calling thread where it waits for a page.
    pub fn query_all_blocking(&self, options: QueryOptions) -> QueryAllBlocking {
        self.reader.query_all_blocking(options)
    }

    /// Gives all entries of a trace, oldest first, of all time.
    ///
    /// # Errors
    ///
    /// As [`Client::query`]. A trace that the server does not know is an empty list.
    pub async fn get_by_trace_id(&self, trace_id: &str) -> Result<Vec<LogRecord>, QueryError> {
        self.reader.get_by_trace_id(trace_id).await
    }

    /// As [`Client::get_by_trace_id`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub fn get_by_trace_id_blocking(&self, trace_id: &str) -> Result<Vec<LogRecord>, QueryError> {
        self.reader.get_by_trace_id_blocking(trace_id)
    }

    /// Counts entries over time, and lists the services and errors with most of them.
    ///
    /// Where one of the lists cannot be read the call succeeds, and [`AggregatedStats`] says why the list is empty.
    ///
    /// # Errors
    ///
    /// As [`Client::query`], and where the time ends before it begins.
    pub async fn get_aggregated_stats(
        &self,
        options: AggregatedStatsOptions,
    ) -> Result<AggregatedStats, QueryError> {
        self.reader.get_aggregated_stats(options).await
    }

    /// As [`Client::get_aggregated_stats`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::get_aggregated_stats`].
    pub fn get_aggregated_stats_blocking(
        &self,
        options: AggregatedStatsOptions,
    ) -> Result<AggregatedStats, QueryError> {
        self.reader.get_aggregated_stats_blocking(options)
    }

    /// Counts entries over time, without the lists of [`Client::get_aggregated_stats`].
    ///
    /// # Errors
    ///
    /// As [`Client::get_aggregated_stats`].
    pub async fn timeseries(&self, options: AggregatedStatsOptions) -> Result<Vec<TimeBucket>, QueryError> {
        self.reader.timeseries(options).await
    }

    /// As [`Client::timeseries`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::get_aggregated_stats`].
    pub fn timeseries_blocking(
        &self,
        options: AggregatedStatsOptions,
    ) -> Result<Vec<TimeBucket>, QueryError> {
        self.reader.timeseries_blocking(options)
    }

    /// Lists the services with most entries in the last 7 days; `limit` is from 1 to 50.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub async fn top_services(&self, limit: u32) -> Result<Vec<ServiceCount>, QueryError> {
        self.reader.top_services(limit).await
    }

    /// As [`Client::top_services`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub fn top_services_blocking(&self, limit: u32) -> Result<Vec<ServiceCount>, QueryError> {
        self.reader.top_services_blocking(limit)
    }

    /// Lists the messages that errors had most often in the last 24 hours; `limit` is from 1 to 50.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub async fn top_errors(&self, limit: u32) -> Result<Vec<MessageCount>, QueryError> {
        self.reader.top_errors(limit).await
    }

    /// As [`Client::top_errors`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub fn top_errors_blocking(&self, limit: u32) -> Result<Vec<MessageCount>, QueryError> {
        self.reader.top_errors_blocking(limit)
    }

    /// Counts entries by level, of all time unless told.
    ///
    /// Servers of version 0.5.0 ignore the time that is asked for, and count the entries of all time.
    ///
    /// # Errors
    ///
    /// As [`Client::query`], and where the time ends before it begins.
    pub async fn stats(&self, options: StatsOptions) -> Result<LogStats, QueryError> {
        self.reader.stats(options).await
    }

    /// As [`Client::stats`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::stats`].
    pub fn stats_blocking(&self, options: StatsOptions) -> Result<LogStats, QueryError> {
        self.reader.stats_blocking(options)
    }

    /// Gives the entry with an id, or `None` where there is none.
    ///
    /// # Errors
    ///
    /// As [`Client::query`], and where the id is no UUID.
    pub async fn log_by_id(&self, id: &str) -> Result<Option<LogRecord>, QueryError> {
        self.reader.log_by_id(id).await
    }

    /// As [`Client::log_by_id`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::log_by_id`].
    pub fn log_by_id_blocking(&self, id: &str) -> Result<Option<LogRecord>, QueryError> {
        self.reader.log_by_id_blocking(id)
    }

    /// Gives what was logged around a moment, by all services.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub async fn context(&self, options: ContextOptions) -> Result<LogContext, QueryError> {
        self.reader.context(options).await
    }

    /// As [`Client::context`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub fn context_blocking(&self, options: ContextOptions) -> Result<LogContext, QueryError> {
        self.reader.context_blocking(options)
    }

    /// Lists the services that logged something.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub async fn services(&self) -> Result<Vec<String>, QueryError> {
        self.reader.services().await
    }

    /// As [`Client::services`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub fn services_blocking(&self) -> Result<Vec<String>, QueryError> {
        self.reader.services_blocking()
    }

    /// Lists the hosts that logged something in the last six hours, by `metadata.hostname`.
    ///
    /// # Errors
    ///
    /// As [`Client::query`]; servers before version 1.0 do not have it.
    pub async fn hostnames(&self) -> Result<Vec<String>, QueryError> {
        self.reader.hostnames().await
    }

    /// As [`Client::hostnames`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::hostnames`].
    pub fn hostnames_blocking(&self) -> Result<Vec<String>, QueryError> {
        self.reader.hostnames_blocking()
    }
}
