//! Traces and their spans.

use super::QueryClient;
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

    /// Reads the trace with an id, without its spans, or `None` where there is none.
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

    /// Reads all spans of a trace, the one that started first first. [`SpanTree`](crate::SpanTree) puts them in order.
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

    /// Lists the services that traces are listed under, in version 1.0 those of the last 30 days.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn trace_services(&self) -> impl Future<Output = Result<Vec<String>, QueryError>> + Send + use<> {
        let body = self.get::<ServicesBody>(Ok("/api/v1/traces/services".to_owned()));
        async { body.await.map(|body| body.services) }
    }

    /// Counts traces, their spans and errors, and measures how long they took.
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

    /// Lists which services call which, by the parents of spans.
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
}

fn trace_path(trace_id: &str) -> Result<String, QueryError> {
    if NAMES.contains(&trace_id) {
        return Err(QueryError::InvalidTraceId(trace_id.to_owned()));
    }
    Ok(format!("/api/v1/traces/{}", trace_segment(trace_id)?))
}
