//! Reading traces.

use logtide_query::{
    QueryError, StatsOptions, StoredSpan, TraceDependencies, TraceOptions, TraceStats, TraceSummary,
    TracesResponse,
};

use super::Client;

/// Reading traces, under the same conditions as the rest of reading back.
impl Client {
    /// Lists traces, the one that started last first, up to 100.
    ///
    /// # Errors
    ///
    /// As [`Client::query`], and where an option makes no sense.
    pub async fn traces(&self, options: TraceOptions) -> Result<TracesResponse, QueryError> {
        self.reader.traces(options).await
    }

    /// As [`Client::traces`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::traces`].
    pub fn traces_blocking(&self, options: TraceOptions) -> Result<TracesResponse, QueryError> {
        self.reader.traces_blocking(options)
    }

    /// Gives the trace with an id, without its spans, or `None` where there is none.
    ///
    /// # Errors
    ///
    /// As [`Client::query`], and where the text cannot be the id of a trace.
    pub async fn trace_by_id(&self, trace_id: &str) -> Result<Option<TraceSummary>, QueryError> {
        self.reader.trace_by_id(trace_id).await
    }

    /// As [`Client::trace_by_id`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::trace_by_id`].
    pub fn trace_by_id_blocking(&self, trace_id: &str) -> Result<Option<TraceSummary>, QueryError> {
        self.reader.trace_by_id_blocking(trace_id)
    }

    /// Gives all spans of a trace, the one that started first first. [`SpanTree`](crate::SpanTree) puts them in order.
    ///
    /// ```no_run
    /// # fn show(client: logtide::Client) -> Result<(), logtide::QueryError> {
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
    pub async fn trace_spans(&self, trace_id: &str) -> Result<Vec<StoredSpan>, QueryError> {
        self.reader.trace_spans(trace_id).await
    }

    /// As [`Client::trace_spans`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::trace_by_id`].
    pub fn trace_spans_blocking(&self, trace_id: &str) -> Result<Vec<StoredSpan>, QueryError> {
        self.reader.trace_spans_blocking(trace_id)
    }

    /// Lists the services that traces are listed under.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub async fn trace_services(&self) -> Result<Vec<String>, QueryError> {
        self.reader.trace_services().await
    }

    /// As [`Client::trace_services`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::query`].
    pub fn trace_services_blocking(&self) -> Result<Vec<String>, QueryError> {
        self.reader.trace_services_blocking()
    }

    /// Counts traces, their spans and errors, and measures how long they took, of all time unless told.
    ///
    /// # Errors
    ///
    /// As [`Client::query`], and where the time ends before it begins.
    pub async fn trace_stats(&self, options: StatsOptions) -> Result<TraceStats, QueryError> {
        self.reader.trace_stats(options).await
    }

    /// As [`Client::trace_stats`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::trace_stats`].
    pub fn trace_stats_blocking(&self, options: StatsOptions) -> Result<TraceStats, QueryError> {
        self.reader.trace_stats_blocking(options)
    }

    /// Lists which services call which, by the parents of spans, of all time unless told.
    ///
    /// # Errors
    ///
    /// As [`Client::trace_stats`].
    pub async fn trace_dependencies(&self, options: StatsOptions) -> Result<TraceDependencies, QueryError> {
        self.reader.trace_dependencies(options).await
    }

    /// As [`Client::trace_dependencies`], blocking the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Client::trace_stats`].
    pub fn trace_dependencies_blocking(
        &self,
        options: StatsOptions,
    ) -> Result<TraceDependencies, QueryError> {
        self.reader.trace_dependencies_blocking(options)
    }
}
