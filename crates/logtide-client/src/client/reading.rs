//! Queries.

mod heartbeat;
mod traces;

use logtide_query::{
    AggregatedStats, AggregatedStatsOptions, ContextOptions, LogContext, LogRecord, LogStats, LogsResponse,
    MessageCount, QueryAll, QueryAllBlocking, QueryClient, QueryError, QueryOptions, ServiceCount,
    StatsOptions, TimeBucket, block_on,
};

use super::Client;
use crate::integration::Integration;

/// Defines each call in two forms: async and blocking.
macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident, $blocking:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name(
            &self,
            $($argument: $type),*
        ) -> impl Future<Output = Result<$answer, QueryError>> + Send + use<> {
            self.reader().$name($($argument),*)
        }

        #[doc = concat!("As [`Client::", stringify!($name), "`], blocking the calling thread. No async runtime is needed.")]
        ///
        /// # Errors
        ///
        #[doc = concat!("As [`Client::", stringify!($name), "`], and [`QueryError::Driver`] on the SDK's own thread.")]
        pub fn $blocking(&self, $($argument: $type),*) -> Result<$answer, QueryError> {
            block_on(self.$name($($argument),*))
        }
    )*};
}
use calls;

/// Queries. They require an API key with full access.
///
/// Each call has two forms: an async one for any runtime, and one that blocks the calling thread and needs no runtime.
/// The futures borrow nothing, so they can be spawned. Nothing is sent before the first poll. Dropping a future cancels
/// its call.
///
/// A call takes up to [`request_timeout`](crate::ClientOptions::request_timeout). If it reaches the server's rate
/// limit, it waits as long as the server asks, within that time.
impl Client {
    calls! {
        /// Searches entries, newest first, and returns one page. Without a time range, the server searches the last 24
        /// hours.
        ///
        /// # Errors
        ///
        /// Returns an error if the server rejects the query, cannot be reached, or does not answer in time. A
        /// write-only key cannot read.
        query, query_blocking(options: QueryOptions) -> LogsResponse;

        /// Returns all entries of a trace, oldest first, without a time limit.
        ///
        /// The comparison of ids is case-sensitive. After a request for a trace, the server can take up to a second to
        /// show entries that were stored since.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`], and if the text cannot be a trace id. If the server does not know the trace, the
        /// list is empty.
        get_by_trace_id, get_by_trace_id_blocking(trace_id: &str) -> Vec<LogRecord>;

        /// Counts entries over time, and lists the services and errors with the most entries.
        ///
        /// This makes three concurrent requests. If one of the lists cannot be read, the call still succeeds, and
        /// [`AggregatedStats`] gives the reason why the list is empty. [`Client::timeseries`] requests only the counts.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`], and if the time range ends before it begins.
        get_aggregated_stats, get_aggregated_stats_blocking(options: AggregatedStatsOptions) -> AggregatedStats;

        /// Counts entries over time, without the lists of [`Client::get_aggregated_stats`]. Returns the intervals that
        /// contain entries, oldest first.
        ///
        /// # Errors
        ///
        /// As for [`Client::get_aggregated_stats`].
        timeseries, timeseries_blocking(options: AggregatedStatsOptions) -> Vec<TimeBucket>;

        /// Lists the services with the most entries in the last 7 days, most entries first. `limit` ranges from 1 to
        /// 50.
        ///
        /// The figures can be up to 5 minutes old.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`], and if `limit` is out of range.
        top_services, top_services_blocking(limit: u32) -> Vec<ServiceCount>;

        /// Lists the most frequent messages of error and critical entries in the last 24 hours. `limit` ranges from 1
        /// to 50.
        ///
        /// The figures can be up to 5 minutes old.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`], and if `limit` is out of range.
        top_errors, top_errors_blocking(limit: u32) -> Vec<MessageCount>;

        /// Counts entries by level. Without a time range, it counts all entries.
        ///
        /// Servers of version 0.5.0 ignore the time range and count all entries.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`], and if the time range ends before it begins.
        stats, stats_blocking(options: StatsOptions) -> LogStats;

        /// Returns the entry with an id, or `None` if there is none.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`], and if the id is not a UUID.
        log_by_id, log_by_id_blocking(id: &str) -> Option<LogRecord>;

        /// Returns the entries of all services around a point in time.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`].
        context, context_blocking(options: ContextOptions) -> LogContext;

        /// Lists the services that have entries.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`].
        services, services_blocking() -> Vec<String>;

        /// Lists the hosts with entries in the last six hours, by `metadata.hostname`.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`]. Servers before version 1.0 cause [`QueryError::UnknownEndpoint`].
        hostnames, hostnames_blocking() -> Vec<String>;
    }

    /// Searches entries and returns all of them as a stream, newest first. Each entry appears once, even while new ones
    /// arrive.
    ///
    /// The stream reads pages of [`limit`](QueryOptions::limit) entries, by default 1000, at most one page ahead. The
    /// default earliest time is 24 hours before this call. The stream ends after an error.
    pub fn query_all(&self, options: QueryOptions) -> QueryAll {
        self.reader().query_all(options)
    }

    /// Like [`Client::query_all`], as an iterator that blocks the calling thread while it waits for a page.
    pub fn query_all_blocking(&self, options: QueryOptions) -> QueryAllBlocking {
        self.reader().query_all_blocking(options)
    }

    fn reader(&self) -> QueryClient {
        let own = Integration::of(self);
        QueryClient::new(own.endpoint().clone(), own.transport().clone(), own.driver().clone())
            .timeout(own.request_timeout())
    }
}
