//! What is logged of requests.

use std::borrow::Cow;

use logtide_core::Level;

use crate::{PathName, RequestTarget, headers::Capture};

/// What is logged of requests, and what of them.
///
/// By default that is nothing personal: no address, no query string, no header.
///
/// ```
/// use logtide_middleware::Options;
///
/// let options = Options::new().service("api").skip_also(["/metrics"]).capture_headers(["x-request-id"]);
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
    /// What the client says where it is not set, as for the user agent.
    pub(crate) client_ip: Option<bool>,
    pub(crate) user_agent: Option<bool>,
    pub(crate) trust_incoming_traces: bool,
    pub(crate) trace_of_span: bool,
    #[cfg(feature = "otlp")]
    pub(crate) spans: bool,
}

impl Options {
    /// Headers whose values are never logged, whatever was asked for.
    ///
    /// Of other headers those are redacted whose names name a secret, see [`Redaction`](logtide_core::Redaction).
    pub const SENSITIVE_HEADERS: [&str; 6] =
        ["authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token", "proxy-authorization"];

    /// The paths that are skipped where no others are set.
    pub const SKIP_PATHS: [&str; 2] = ["/health", "/healthz"];

    /// Takes the defaults, which are named at each setter.
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
            trace_of_span: false,
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

    /// Sets whether an entry is written when a request arrives. Default: true.
    ///
    /// Without it each request is one entry, the one that says how it ended, and what was asked for of the request is in that one: headers,
    /// address, user agent, query string.
    #[must_use]
    pub fn log_requests(mut self, log: bool) -> Self {
        self.log_requests = log;
        self
    }

    /// Sets whether an entry is written when a response is sent, or the client has gone before. Default: true.
    ///
    /// Requests that fail, with an error, a panic, a status of 500 and above or the gRPC status of a failure, are logged in any case.
    #[must_use]
    pub fn log_responses(mut self, log: bool) -> Self {
        self.log_responses = log;
        self
    }

    /// Sets the level of the entry of a request whose client goes before all of the response was sent. Default: [`Level::Warn`].
    ///
    /// A response that has no other end than that its client leaves is logged as closed, with at most [`Level::Info`]: an event stream
    /// (`text/event-stream`) or a body of parts that replace each other (`multipart/x-mixed-replace`). A status of 400 and above sets its
    /// own level where that is higher.
    #[must_use]
    pub fn cancelled_level(mut self, level: Level) -> Self {
        self.cancelled_level = level;
        self
    }

    /// Sets under which name the path of a request is logged. Default: the path itself.
    ///
    /// For paths that hold a secret, such as a token. The name takes the place of the path in messages, in the field `path` and in the
    /// attribute `url.path` of spans. Where the route of a request becomes known after its first entry, as in Rocket, the function is called
    /// again. It must not log. If it panics, the name is `[REDACTED]`.
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
    /// To log no path but the routes of the application:
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

    /// Sets the paths of which nothing is logged, compared as a whole with the path of a request and with its
    /// [name](Self::path_name). Default: [`Options::SKIP_PATHS`].
    #[must_use]
    pub fn skip_paths(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.skip_paths = texts(paths);
        self
    }

    /// Adds paths of which nothing is logged.
    #[must_use]
    pub fn skip_also(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.skip_paths.extend(texts(paths));
        self
    }

    /// Sets the request headers that are logged with the entry of the request. Default: none.
    ///
    /// [`Options::SENSITIVE_HEADERS`] are left out.
    #[must_use]
    pub fn capture_headers(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.capture_headers = Capture::named(names);
        self
    }

    /// Logs all request headers with the entry of the request.
    ///
    /// [`Options::SENSITIVE_HEADERS`] are left out. What else is secret is [redacted](logtide_core::Redaction) by its name alone, and some
    /// headers are personal data: better name those that you need, with [`capture_headers`](Self::capture_headers).
    #[must_use]
    pub fn capture_all_headers(mut self) -> Self {
        self.capture_headers = Capture::All;
        self
    }

    /// Sets the response headers that are logged with the entry of the response. Default: none.
    ///
    /// [`Options::SENSITIVE_HEADERS`] are left out.
    #[must_use]
    pub fn capture_response_headers(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.capture_response_headers = Capture::named(names);
        self
    }

    /// Logs all response headers with the entry of the response, as [`capture_all_headers`](Self::capture_all_headers) does those of
    /// requests.
    #[must_use]
    pub fn capture_all_response_headers(mut self) -> Self {
        self.capture_response_headers = Capture::All;
        self
    }

    /// Sets whether the query string is logged with the entry of the request: it may hold anything. Default: false.
    #[must_use]
    pub fn query_string(mut self, log: bool) -> Self {
        self.query_string = log;
        self
    }

    /// Sets whether the address of the client is logged with the entry of the request. Default:
    /// [what the client says](logtide_client::ClientOptions::send_default_pii), which is false by default.
    ///
    /// It is that of the connection. Behind a proxy it is the proxy's: what headers say about it anyone can write.
    #[must_use]
    pub fn client_ip(mut self, log: bool) -> Self {
        self.client_ip = Some(log);
        self
    }

    /// Sets whether the `User-Agent` is logged with the entry of the request. Default:
    /// [what the client says](logtide_client::ClientOptions::send_default_pii), which is false by default.
    #[must_use]
    pub fn user_agent(mut self, log: bool) -> Self {
        self.user_agent = Some(log);
        self
    }

    /// Sets whether a request belongs to the trace that its headers name. Default: true.
    ///
    /// For servers that anyone can send requests to, turn it off: each request then starts a new trace. It takes neither the sampling decision
    /// of the caller nor `tracestate` and `baggage`. The trace that the request named is kept as `incoming_trace_id` and `incoming_span_id` in the
    /// request's first entry, and as a link of its span.
    #[must_use]
    pub fn trust_incoming_traces(mut self, trust: bool) -> Self {
        self.trust_incoming_traces = trust;
        self
    }

    /// Sets whether a request takes trace and span from the [active span](logtide_client::integration::ActiveSpan) that it arrives in, where there
    /// is one, and only without one from its headers. Default: false.
    ///
    /// For servers in which another middleware, outside of this one, puts each request into a span of its own, as those for
    /// OpenTelemetry do. Where the span is that of a connection, all requests of the connection would be one trace.
    #[must_use]
    pub fn trace_of_span(mut self, take: bool) -> Self {
        self.trace_of_span = take;
        self
    }

    /// Sets whether each request is a span, of kind server. Default: false.
    ///
    /// The span is a child of the one that the `traceparent` of the request names, if that is [trusted](Self::trust_incoming_traces). Without one it is the first of its trace, which is
    /// recorded by [`traces_sample_rate`](logtide_client::ClientOptions::traces_sample_rate). Entries and spans of the handler belong to it,
    /// and requests that go out name it as their parent. It ends with the body of the response. Paths that are
    /// [skipped](Self::skip_paths) have none, and neither has a request that takes the [span around it](Self::trace_of_span).
    ///
    /// Its name is method and route, such as `GET /users/{id}`; the method alone without a route, and service and method of a gRPC call. Its
    /// attributes are those of OpenTelemetry's semantic conventions:
    ///
    /// | attribute | value |
    /// |---|---|
    /// | `http.request.method` | the method; `_OTHER` for one that HTTP does not define, which is then `http.request.method_original` |
    /// | `url.path`, `url.scheme` | of the request, the path under its [name](Self::path_name); the scheme is `http` where it is not known |
    /// | `url.query` | where [`query_string`](Self::query_string) is set, or the client [may send personal data](logtide_client::ClientOptions::send_default_pii) |
    /// | `http.route` | the route, where it is known |
    /// | `http.response.status_code` | the status, where there is one |
    /// | `server.address`, `server.port` | host and port as the request names them |
    /// | `client.address`, `user_agent.original` | as [`client_ip`](Self::client_ip) and [`user_agent`](Self::user_agent) say |
    /// | `network.protocol.version` | the version of HTTP; not in Rocket, which does not tell it |
    /// | `rpc.system`, `rpc.service`, `rpc.method`, `rpc.grpc.status_code` | of a gRPC call |
    /// | `error.type` | of a failure: the status, the type of the error, `panic`, or `cancelled` |
    ///
    /// Its status is an error for a status of 500 and above, for a gRPC status that is logged as an error, for a request that fails or
    /// panics, and for one whose client goes if that is logged as a [warning](Self::cancelled_level) or above.
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
        let replaced = Options::new().skip_paths(["/ready"]).skip_also(["/live"]);
        assert!(replaced.skips("/ready") && replaced.skips("/live") && !replaced.skips("/health"));
    }
}
