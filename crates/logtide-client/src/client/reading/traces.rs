//! Queries of traces.

use logtide_query::{
    QueryError, StatsOptions, StoredSpan, TraceDependencies, TraceOptions, TraceStats, TraceSummary,
    TracesResponse, block_on,
};

use super::calls;
use crate::Client;

/// Queries of traces. The rules of the other queries apply.
impl Client {
    calls! {
        /// Lists up to 100 traces, latest start first.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`], and if an option is not valid.
        traces, traces_blocking(options: TraceOptions) -> TracesResponse;

        /// Returns the trace with an id, without its spans, or `None` if there is none.
        ///
        /// The comparison of ids is case-sensitive.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`], and if the text cannot be a trace id.
        trace_by_id, trace_by_id_blocking(trace_id: &str) -> Option<TraceSummary>;

        /// Returns all spans of a trace, earliest start first. [`SpanTree`](logtide_query::SpanTree) arranges them as a
        /// tree.
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
        /// As for [`Client::trace_by_id`]. If the server does not know the trace, the list is empty.
        trace_spans, trace_spans_blocking(trace_id: &str) -> Vec<StoredSpan>;

        /// Lists the services that have traces, in version 1.0 those of the last 30 days.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`].
        trace_services, trace_services_blocking() -> Vec<String>;

        /// Counts traces, their spans and errors, and returns how long they took. Without a time range, it covers all
        /// traces.
        ///
        /// # Errors
        ///
        /// As for [`Client::query`], and if the time range ends before it begins.
        trace_stats, trace_stats_blocking(options: StatsOptions) -> TraceStats;

        /// Lists which services call which, based on the parents of spans. Without a time range, it covers all spans.
        ///
        /// # Errors
        ///
        /// As for [`Client::trace_stats`].
        trace_dependencies, trace_dependencies_blocking(options: StatsOptions) -> TraceDependencies;
    }
}
