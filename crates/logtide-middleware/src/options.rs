//! Options of the middleware.

use std::borrow::Cow;

use logtide_core::Level;

use crate::{PathName, RequestTarget, headers::Capture};

/// Configures which requests are logged, and what is logged about them.
///
/// By default no personal data is logged: no address, no query string, no header.
///
/// ```
/// use logtide_middleware::Options;
///
/// let options = Options::new().service("api").also_skip(["/metrics"]).capture_headers(["x-request-id"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    pub(crate) service: String,
    pub(crate) log_requests: bool,
    pub(crate) log_responses: bool,
    pub(crate) cancelled_level: Level,
    pub(crate) path_name: Option<PathName>,
    pub(crate) skip_paths: Vec<String>,
    pub(crate) capture_headers: Capture,
    pub(crate) capture_response_headers: Capture,
    pub(crate) query_string: bool,
    /// `None` for the client's setting, as for the user agent.
    pub(crate) client_ip: Option<bool>,
    pub(crate) user_agent: Option<bool>,
    pub(crate) trust_incoming_traces: bool,
    pub(crate) use_active_span: bool,
    #[cfg(feature = "otlp")]
    pub(crate) spans: bool,
}

impl Options {
    /// Headers whose values are never logged, even if they are captured.
    ///
    /// Other headers are redacted if their names indicate a secret, see [`Redaction`](logtide_core::Redaction).
    pub const SENSITIVE_HEADERS: [&str; 6] =
        ["authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token", "proxy-authorization"];

    /// The default of [`skip_paths`](Self::skip_paths).
    pub const SKIP_PATHS: [&str; 2] = ["/health", "/healthz"];

    /// Creates the default options. Each setter documents its default.
    #[must_use]
    pub fn new() -> Self {
        Self {
            service: String::new(),
            log_requests: true,
            log_responses: true,
            cancelled_level: Level::Warn,
            path_name: None,
            skip_paths: texts(Self::SKIP_PATHS),
            capture_headers: Capture::Named(Vec::new()),
            capture_response_headers: Capture::Named(Vec::new()),
            query_string: false,
            client_ip: None,
            user_agent: None,
            trust_incoming_traces: true,
            use_active_span: false,
            #[cfg(feature = "otlp")]
            spans: false,
        }
    }

    /// Sets the service of the entries. Default: [the client's](logtide_client::ClientOptions::service).
    #[must_use]
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = name.into();
        self
    }

    /// Sets whether to log an entry when a request arrives. Default: true.
    ///
    /// When this is off, each request has only its final entry. That entry then also has the details of the request:
    /// headers, address, user agent, query string.
    #[must_use]
    pub fn log_requests(mut self, log: bool) -> Self {
        self.log_requests = log;
        self
    }

    /// Sets whether to log an entry when a response was sent or the client disconnected before. Default: true.
    ///
    /// Entries of level error are always logged: for an error, a panic, a status of 500 or above, or a gRPC status that
    /// indicates a failure.
    #[must_use]
    pub fn log_responses(mut self, log: bool) -> Self {
        self.log_responses = log;
        self
    }

    /// Sets the level of the final entry if the client disconnects before the whole response is sent. Default:
    /// [`Level::Warn`].
    ///
    /// A response that only the client ends is logged as closed, at [`Level::Info`] or below. This applies to event
    /// streams (`text/event-stream`) and to bodies of parts that replace each other (`multipart/x-mixed-replace`). A
    /// status of 400 or above raises the level to that of the status.
    #[must_use]
    pub fn cancelled_level(mut self, level: Level) -> Self {
        self.cancelled_level = level;
        self
    }

    /// Sets a function that returns the name under which the path of a request is logged. Default: the path itself.
    ///
    /// Use it for paths that contain a secret, such as a token. The name replaces the path in messages, in the field
    /// `path` and in the attribute `url.path` of spans. If the route of a request becomes known after its first entry,
    /// as in Rocket, the function is called again. It must not log. If it panics, the name is `[REDACTED]`.
    ///
    /// ```
    /// use logtide_middleware::Options;
    ///
    /// let options = Options::new().path_name(|request| match request.path().strip_prefix("/reset/") {
    ///     Some(_token) => "/reset/{token}".into(),
    ///     None => request.path().into(),
    /// });
    /// ```
    ///
    /// To log the application's routes instead of paths:
    ///
    /// ```
    /// # use logtide_middleware::Options;
    /// let options = Options::new().path_name(|request| request.route().unwrap_or("(unknown)").into());
    /// ```
    #[must_use]
    pub fn path_name(
        mut self,
        name: impl for<'a> Fn(RequestTarget<'a>) -> Cow<'a, str> + Send + Sync + 'static,
    ) -> Self {
        self.path_name = Some(PathName::new(name));
        self
    }

    /// Sets the paths of requests that are not logged. Each must equal the whole path of a request or its
    /// [name](Self::path_name). Default: [`Options::SKIP_PATHS`].
    #[must_use]
    pub fn skip_paths(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.skip_paths = texts(paths);
        self
    }

    /// Adds paths of requests that are not logged.
    #[must_use]
    pub fn also_skip(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.skip_paths.extend(texts(paths));
        self
    }

    /// Sets the request headers to log with the entry of the request. Default: none.
    ///
    /// [`Options::SENSITIVE_HEADERS`] are left out.
    #[must_use]
    pub fn capture_headers(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.capture_headers = Capture::named(names);
        self
    }

    /// Logs all request headers with the entry of the request.
    ///
    /// [`Options::SENSITIVE_HEADERS`] are left out. Other secrets are only [redacted](logtide_core::Redaction) by
    /// header name, and some headers are personal data. Prefer [`capture_headers`](Self::capture_headers) with the
    /// headers that you need.
    #[must_use]
    pub fn capture_all_headers(mut self) -> Self {
        self.capture_headers = Capture::All;
        self
    }

    /// Sets the response headers to log with the entry of the response. Default: none.
    ///
    /// [`Options::SENSITIVE_HEADERS`] are left out.
    #[must_use]
    pub fn capture_response_headers(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.capture_response_headers = Capture::named(names);
        self
    }

    /// Logs all response headers with the entry of the response. The notes of
    /// [`capture_all_headers`](Self::capture_all_headers) apply.
    #[must_use]
    pub fn capture_all_response_headers(mut self) -> Self {
        self.capture_response_headers = Capture::All;
        self
    }

    /// Sets whether to log the query string with the entry of the request. It can contain any data. Default: false.
    #[must_use]
    pub fn query_string(mut self, log: bool) -> Self {
        self.query_string = log;
        self
    }

    /// Sets whether to log the client's address with the entry of the request. Default:
    /// [the client's setting](logtide_client::ClientOptions::send_default_pii), which is false by default.
    ///
    /// The address is that of the connection, so behind a proxy it is the proxy's. Headers with the original address
    /// are ignored, since anyone can set them.
    #[must_use]
    pub fn client_ip(mut self, log: bool) -> Self {
        self.client_ip = Some(log);
        self
    }

    /// Sets whether to log the `User-Agent` with the entry of the request. Default:
    /// [the client's setting](logtide_client::ClientOptions::send_default_pii), which is false by default.
    #[must_use]
    pub fn user_agent(mut self, log: bool) -> Self {
        self.user_agent = Some(log);
        self
    }

    /// Sets whether a request belongs to the trace in its headers. Default: true.
    ///
    /// Turn it off for servers that accept requests from anyone. Each request then starts a new trace, and ignores the
    /// caller's sampling decision, `tracestate` and `baggage`. The incoming trace is logged as `incoming_trace_id` and
    /// `incoming_span_id` in the request's first entry, and becomes a link of its span.
    #[must_use]
    pub fn trust_incoming_traces(mut self, trust: bool) -> Self {
        self.trust_incoming_traces = trust;
        self
    }

    /// Sets whether a request takes trace and span from the [active span](logtide_client::integration::ActiveSpan) when
    /// it arrives. Without an active span, it takes them from its headers. Default: false.
    ///
    /// Turn it on if an outer middleware runs each request in its own span, as those for OpenTelemetry do. If the
    /// active span is that of a connection, all requests of the connection share one trace.
    #[must_use]
    pub fn use_active_span(mut self, take: bool) -> Self {
        self.use_active_span = take;
        self
    }

    /// Sets whether each request is a span of kind server. Default: false.
    ///
    /// The span is a child of the span in the request's `traceparent` if that is
    /// [trusted](Self::trust_incoming_traces). Otherwise it is the first of its trace, sampled by
    /// [`traces_sample_rate`](logtide_client::ClientOptions::traces_sample_rate). Entries and spans of the handler
    /// belong to it, and outgoing requests name it as their parent. It ends with the body of the response.
    /// [Skipped](Self::skip_paths) paths have no span, and neither have requests that take the
    /// [enclosing span](Self::use_active_span).
    ///
    /// The span's name is method and route, such as `GET /users/{id}`, or the method alone without a route. For a gRPC
    /// call it is service and method. The attributes follow OpenTelemetry's semantic conventions:
    ///
    /// | attribute | value |
    /// |---|---|
    /// | `http.request.method` | the method; for a method that HTTP does not define, `_OTHER` with the method in `http.request.method_original` |
    /// | `url.path`, `url.scheme` | path and scheme of the request; the path by its [name](Self::path_name), the scheme `http` if unknown |
    /// | `url.query` | with [`query_string`](Self::query_string), or if the client [may send personal data](logtide_client::ClientOptions::send_default_pii) |
    /// | `http.route` | the route, if known |
    /// | `http.response.status_code` | the status, if there is one |
    /// | `server.address`, `server.port` | host and port as the request names them |
    /// | `client.address`, `user_agent.original` | with [`client_ip`](Self::client_ip) and [`user_agent`](Self::user_agent) |
    /// | `network.protocol.version` | the HTTP version; not available in Rocket |
    /// | `rpc.system`, `rpc.service`, `rpc.method`, `rpc.grpc.status_code` | for a gRPC call |
    /// | `error.type` | for a failure: the status, the type of the error, `panic`, or `cancelled` |
    ///
    /// The span's status is an error if the request fails or panics, for a status of 500 or above, and for a gRPC
    /// status that is logged as an error. It is also an error if the client disconnects and that is logged as a
    /// [warning](Self::cancelled_level) or above.
    #[cfg(feature = "otlp")]
    #[must_use]
    pub fn spans(mut self, spans: bool) -> Self {
        self.spans = spans;
        self
    }

    pub(crate) fn skips(&self, path: &str) -> bool {
        self.skip_paths.iter().any(|skipped| skipped == path)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    texts.into_iter().map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sensitive_headers_cannot_be_asked_for() {
        let asked = ["Authorization", "X-Request-Id", "COOKIE", "set-cookie", "X-API-Key"];
        let options = Options::new().capture_headers(asked).capture_response_headers(asked);
        let expected = Capture::Named(vec!["x-request-id".to_owned()]);
        assert_eq!((options.capture_headers, options.capture_response_headers), (expected.clone(), expected));
    }

    #[test]
    fn paths_are_skipped_as_a_whole() {
        let options = Options::new();
        assert!(options.skips("/health") && options.skips("/healthz"));
        assert!(!options.skips("/health/") && !options.skips("/healthy") && !options.skips("/api/health"));
        let replaced = Options::new().skip_paths(["/ready"]).also_skip(["/live"]);
        assert!(replaced.skips("/ready") && replaced.skips("/live") && !replaced.skips("/health"));
    }
}
