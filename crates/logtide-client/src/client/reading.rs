//! Reading back.

mod heartbeat;
mod traces;

use logtide_query::{
    AggregatedStats, AggregatedStatsOptions, ContextOptions, LogContext, LogRecord, LogStats, LogsResponse,
    MessageCount, QueryAll, QueryAllBlocking, QueryClient, QueryError, QueryOptions, ServiceCount,
    StatsOptions, TimeBucket, block_on,
};

use super::Client;
use crate::integration::Integration;

/// Writes each call in both forms: the async one, and the one that blocks.
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

/// Reading back. It needs a key with full access.
///
/// Each call has two forms: an async one for any runtime, and one that blocks the calling thread and needs no runtime. The futures borrow
/// nothing, so they can be spawned; nothing is sent before the first poll, and dropping one gives its call up.
///
/// A call takes up to [`request_timeout`](crate::ClientOptions::request_timeout). Where the server's rate limit is reached, it waits as long
/// as the server says, within that time.
impl Client {
    calls! {
        /// Searches entries, newest first, and gives one page of them. Without a time range the server looks at the last 24 hours.
        ///
        /// # Errors
        ///
        /// The server refuses the query, cannot be reached, or does not answer in time; a write-only key cannot read.
        query, query_blocking(options: QueryOptions) -> LogsResponse;

        /// Gives all entries of a trace, oldest first, of all time.
        ///
        /// The id is compared exactly, upper and lower case apart. The server takes up to a second to show what was stored after it was
        /// asked for the same trace.
        ///
        /// # Errors
        ///
        /// As [`Client::query`], and where the text cannot be the id of a trace. A trace that the server does not know is an empty list.
        get_by_trace_id, get_by_trace_id_blocking(trace_id: &str) -> Vec<LogRecord>;

        /// Counts entries over time, and lists the services and errors with most of them.
        ///
        /// These are three requests at the same time. Where one of the lists cannot be read the call succeeds, and [`AggregatedStats`]
        /// says why the list is empty. [`Client::timeseries`] asks for the counts alone.
        ///
        /// # Errors
        ///
        /// As [`Client::query`], and where the time ends before it begins.
        get_aggregated_stats, get_aggregated_stats_blocking(options: AggregatedStatsOptions) -> AggregatedStats;

        /// Counts entries over time, without the lists of [`Client::get_aggregated_stats`]: the intervals in which something was logged,
        /// oldest first.
        ///
        /// # Errors
        ///
        /// As [`Client::get_aggregated_stats`].
        timeseries, timeseries_blocking(options: AggregatedStatsOptions) -> Vec<TimeBucket>;

        /// Lists the services with most entries in the last 7 days, the first with most; `limit` is from 1 to 50.
        ///
        /// The server may be up to 5 minutes behind.
        ///
        /// # Errors
        ///
        /// As [`Client::query`], and where `limit` is out of its range.
        top_services, top_services_blocking(limit: u32) -> Vec<ServiceCount>;

        /// Lists the messages that entries of level error and critical had most often in the last 24 hours; `limit` is from 1 to 50.
        ///
        /// The server may be up to 5 minutes behind.
        ///
        /// # Errors
        ///
        /// As [`Client::query`], and where `limit` is out of its range.
        top_errors, top_errors_blocking(limit: u32) -> Vec<MessageCount>;

        /// Counts entries by level, of all time unless told.
        ///
        /// Servers of version 0.5.0 ignore the time that is asked for, and count the entries of all time.
        ///
        /// # Errors
        ///
        /// As [`Client::query`], and where the time ends before it begins.
        stats, stats_blocking(options: StatsOptions) -> LogStats;

        /// Gives the entry with an id, or `None` where there is none.
        ///
        /// # Errors
        ///
        /// As [`Client::query`], and where the id is no UUID.
        log_by_id, log_by_id_blocking(id: &str) -> Option<LogRecord>;

        /// Gives what was logged around a moment, by all services.
        ///
        /// # Errors
        ///
        /// As [`Client::query`].
        context, context_blocking(options: ContextOptions) -> LogContext;

        /// Lists the services that logged something.
        ///
        /// # Errors
        ///
        /// As [`Client::query`].
        services, services_blocking() -> Vec<String>;

        /// Lists the hosts that logged something in the last six hours, by `metadata.hostname`.
        ///
        /// # Errors
        ///
        /// As [`Client::query`]; [`QueryError::UnknownEndpoint`] from servers before version 1.0.
        hostnames, hostnames_blocking() -> Vec<String>;
    }

    /// Searches entries and gives all of them as a stream, newest first, each once, while others arrive.
    ///
    /// They are read in pages of [`limit`](QueryOptions::limit) entries, 1000 unless it is set, with one page ahead at most. Without an
    /// earliest time it is 24 hours before this call. A stream that gave an error has ended.
    pub fn query_all(&self, options: QueryOptions) -> QueryAll {
        self.reader().query_all(options)
    }

    /// As [`Client::query_all`], an iterator that blocks the calling thread where it waits for a page.
    pub fn query_all_blocking(&self, options: QueryOptions) -> QueryAllBlocking {
        self.reader().query_all_blocking(options)
    }

    fn reader(&self) -> QueryClient {
        let own = Integration::of(self);
        QueryClient::new(own.endpoint().clone(), own.transport().clone(), own.driver().clone())
            .timeout(own.request_timeout())
    }
}
