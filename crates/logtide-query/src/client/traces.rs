//! Traces and their spans.

use super::{QueryClient, block_on};
use crate::{
    QueryError, StatsOptions, StoredSpan, TraceDependencies, TraceOptions, TraceStats, TraceSummary,
    TracesResponse, answer,
    parameters::trace_segment,
    response::{ServicesBody, SpansBody},
};

/// Other endpoints under the address of traces, which cannot be used as trace ids.
const NAMES: [&str; 5] = ["dependencies", "service-map", "services", "stats", "stream"];

impl QueryClient {
    /// Lists up to 100 traces, latest start first.
    ///
    /// # Errors
    ///
    /// A [`QueryError`]. Without sending anything if an option is not valid: [`QueryError::OutOfRange`],
    /// [`QueryError::TimeRange`], [`QueryError::DurationRange`], [`QueryError::ServiceName`].
    pub fn traces(
        &self,
        options: TraceOptions,
    ) -> impl Future<Output = Result<TracesResponse, QueryError>> + Send + use<> {
        self.get(options.path())
    }

    /// Like [`traces`](Self::traces), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn traces_blocking(&self, options: TraceOptions) -> Result<TracesResponse, QueryError> {
        block_on(self.traces(options))
    }

    /// Returns the trace with an id, without its spans, or `None` if there is none.
    ///
    /// The id is case-sensitive.
    ///
    /// # Errors
    ///
    /// A [`QueryError`]; [`QueryError::EmptyTraceId`] and [`QueryError::InvalidTraceId`] without sending anything.
    pub fn trace_by_id(
        &self,
        trace_id: &str,
    ) -> impl Future<Output = Result<Option<TraceSummary>, QueryError>> + Send + use<> {
        let body = self.get(trace_path(trace_id));
        async {
            match body.await {
                Ok(trace) => Ok(Some(trace)),
                Err(error) if answer::is_missing_trace(&error) => Ok(None),
                Err(error) => Err(error),
            }
        }
    }

    /// Like [`trace_by_id`](Self::trace_by_id), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn trace_by_id_blocking(&self, trace_id: &str) -> Result<Option<TraceSummary>, QueryError> {
        block_on(self.trace_by_id(trace_id))
    }

    /// Returns all spans of a trace, earliest start first. [`SpanTree`](crate::SpanTree) makes a tree of them.
    ///
    /// The id is case-sensitive.
    ///
    /// # Errors
    ///
    /// A [`QueryError`]; [`QueryError::EmptyTraceId`] and [`QueryError::InvalidTraceId`] without sending anything. An
    /// unknown id is not an error: it gives an empty list.
    pub fn trace_spans(
        &self,
        trace_id: &str,
    ) -> impl Future<Output = Result<Vec<StoredSpan>, QueryError>> + Send + use<> {
        let body = self.get::<SpansBody>(trace_path(trace_id).map(|path| path + "/spans"));
        async { body.await.map(|body| body.spans) }
    }

    /// Like [`trace_spans`](Self::trace_spans), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn trace_spans_blocking(&self, trace_id: &str) -> Result<Vec<StoredSpan>, QueryError> {
        block_on(self.trace_spans(trace_id))
    }

    /// Lists the services under which traces are listed; in version 1.0, those of the last 30 days.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn trace_services(&self) -> impl Future<Output = Result<Vec<String>, QueryError>> + Send + use<> {
        let body = self.get::<ServicesBody>(Ok("/api/v1/traces/services".to_owned()));
        async { body.await.map(|body| body.services) }
    }

    /// Like [`trace_services`](Self::trace_services), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn trace_services_blocking(&self) -> Result<Vec<String>, QueryError> {
        block_on(self.trace_services())
    }

    /// Counts traces, their spans and errors, and measures their durations.
    ///
    /// # Errors
    ///
    /// A [`QueryError`]; [`QueryError::TimeRange`] if the time range ends before it starts.
    pub fn trace_stats(
        &self,
        options: StatsOptions,
    ) -> impl Future<Output = Result<TraceStats, QueryError>> + Send + use<> {
        self.get(options.path("traces/stats"))
    }

    /// Like [`trace_stats`](Self::trace_stats), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn trace_stats_blocking(&self, options: StatsOptions) -> Result<TraceStats, QueryError> {
        block_on(self.trace_stats(options))
    }

    /// Lists the calls between services, according to the parents of spans.
    ///
    /// # Errors
    ///
    /// A [`QueryError`]; [`QueryError::TimeRange`] if the time range ends before it starts.
    pub fn trace_dependencies(
        &self,
        options: StatsOptions,
    ) -> impl Future<Output = Result<TraceDependencies, QueryError>> + Send + use<> {
        self.get(options.path("traces/dependencies"))
    }

    /// Like [`trace_dependencies`](Self::trace_dependencies), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn trace_dependencies_blocking(
        &self,
        options: StatsOptions,
    ) -> Result<TraceDependencies, QueryError> {
        block_on(self.trace_dependencies(options))
    }
}

fn trace_path(trace_id: &str) -> Result<String, QueryError> {
    if NAMES.contains(&trace_id) {
        return Err(QueryError::InvalidTraceId(trace_id.to_owned()));
    }
    Ok(format!("/api/v1/traces/{}", trace_segment(trace_id)?))
}
