//! The guide for users of the Python SDK names everything that it exports.

const GUIDE: &str = include_str!("../../crates/logtide/src/guides/python.md");

/// The exports of version 0.10.0 of the Python SDK: its `__all__` lists.
const EXPORTED: [&str; 43] = [
    "add_breadcrumb",
    "AggregatedStatsOptions",
    "AggregatedStatsResponse",
    "AsyncLogTideClient",
    "Breadcrumb",
    "BufferFullError",
    "CircuitBreakerOpenError",
    "CircuitState",
    "ClientMetrics",
    "ClientOptions",
    "configure_tracing",
    "DsnParseError",
    "DsnParts",
    "format_traceparent",
    "generate_span_id",
    "generate_trace_id",
    "get_current_scope",
    "inject_traceparent",
    "LogEntry",
    "LogLevel",
    "LogsResponse",
    "LogTideClient",
    "LogTideDjangoMiddleware",
    "LogTideError",
    "LogTideFastAPIMiddleware",
    "LogTideFlaskMiddleware",
    "LogTideHandler",
    "LogTideProcessor",
    "LogTideStarletteMiddleware",
    "parse_dsn",
    "parse_traceparent",
    "PayloadLimitsOptions",
    "push_scope",
    "QueryOptions",
    "resolve_trace_id",
    "Scope",
    "serialize_exception",
    "set_extra",
    "set_session_id",
    "set_tag",
    "set_user",
    "TraceContext",
    "User",
];

/// The methods of its clients.
const METHODS: [&str; 19] = [
    "debug",
    "info",
    "warn",
    "error",
    "critical",
    "log",
    "flush",
    "close",
    "query",
    "get_by_trace_id",
    "get_aggregated_stats",
    "stream",
    "get_metrics",
    "reset_metrics",
    "get_circuit_breaker_state",
    "set_trace_id",
    "get_trace_id",
    "with_trace_id",
    "with_new_trace_id",
];

/// The fields of its options and results.
const FIELDS: [&str; 32] = [
    "dsn",
    "local_mode",
    "batch_size",
    "flush_interval",
    "max_buffer_size",
    "max_retries",
    "retry_delay_ms",
    "circuit_breaker_threshold",
    "circuit_breaker_reset_ms",
    "enable_metrics",
    "debug",
    "global_metadata",
    "auto_trace_id",
    "payload_limits",
    "service",
    "before_send",
    "sample_rate",
    "max_field_size",
    "max_log_size",
    "exclude_fields",
    "truncation_marker",
    "from_time",
    "to_time",
    "limit",
    "offset",
    "q",
    "interval",
    "top_services",
    "top_errors",
    "timeseries",
    "logs",
    "total",
];

#[test]
fn the_guide_from_python_names_all_that_the_sdk_exports() {
    // Only the first column: the second is about Rust.
    let python: Vec<&str> =
        GUIDE.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).collect();
    let python = python.join(" ");
    let is_named = |name: &str| {
        python
            .split(|character: char| !character.is_alphanumeric() && character != '_')
            .any(|word| word == name)
    };
    let names = EXPORTED.iter().chain(&METHODS).chain(&FIELDS);
    let missing: Vec<_> = names.filter(|name| !is_named(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
