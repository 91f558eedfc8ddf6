//! Reading traces.

use logtide_query::{
    QueryError, StatsOptions, StoredSpan, TraceDependencies, TraceOptions, TraceStats, TraceSummary,
    TracesResponse, block_on,
};

use super::calls;
use crate::Client;

/// Reading traces, under the same conditions as the rest of reading back.
impl Client {
    calls! {
        /// Lists traces, the one that started last first, up to 100.
        ///
        /// # Errors
        ///
        /// As [`Client::query`], and where an option makes no sense.
        traces, traces_blocking(options: TraceOptions) -> TracesResponse;

        /// Gives the trace with an id, without its spans, or `None` where there is none.
        ///
        /// The id is compared exactly, upper and lower case apart.
        ///
        /// # Errors
        ///
        /// As [`Client::query`], and where the text cannot be the id of a trace.
        trace_by_id, trace_by_id_blocking(trace_id: &str) -> Option<TraceSummary>;

        /// Gives all spans of a trace, the one that started first first. [`SpanTree`](logtide_query::SpanTree) puts them in order.
        ///
        /// ```no_run
        /// # mod logtide { pub use logtide_query::SpanTree; }
        /// # fn show(client: logtide_client::Client) -> Result<(), logtide_query::QueryError> {
        /// use logtide::SpanTree;
        ///
        /// let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        /// let tree = SpanTree::new(client.trace_spans_blocking(trace)?)
        ///     .with_entries(client.get_by_trace_id_blocking(trace)?);
        /// for node in &tree {
        ///     let (indent, span) = ("  ".repeat(node.depth()), node.span());
        ///     println!("{indent}{} {} {:?}", span.service, span.operation, span.duration);
        ///     for entry in node.entries() {
        ///         println!("{indent}  {} {}", entry.level, entry.message);
        ///     }
        /// }
        /// # Ok(())
        /// # }
        /// ```
        ///
        /// # Errors
        ///
        /// As [`Client::trace_by_id`]. A trace that the server does not know is an empty list.
        trace_spans, trace_spans_blocking(trace_id: &str) -> Vec<StoredSpan>;

        /// Lists the services that traces are listed under, in version 1.0 those of the last 30 days.
        ///
        /// # Errors
        ///
        /// As [`Client::query`].
        trace_services, trace_services_blocking() -> Vec<String>;

        /// Counts traces, their spans and errors, and measures how long they took, of all time unless told.
        ///
        /// # Errors
        ///
        /// As [`Client::query`], and where the time ends before it begins.
        trace_stats, trace_stats_blocking(options: StatsOptions) -> TraceStats;

        /// Lists which services call which, by the parents of spans, of all time unless told.
        ///
        /// # Errors
        ///
        /// As [`Client::trace_stats`].
        trace_dependencies, trace_dependencies_blocking(options: StatsOptions) -> TraceDependencies;
    }
}
