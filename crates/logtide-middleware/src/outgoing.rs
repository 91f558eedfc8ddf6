//! Outgoing requests as spans.

use std::{error::Error, time::SystemTime};

use http::{HeaderMap, HeaderValue, Uri};
use logtide_client::{
    Client,
    integration::{ActiveSpan, EndedSpan, Integration},
};
use logtide_core::{
    Fields, IntoMetadata, SpanData, SpanFields, SpanKind, SpanStatus, SpanTimes, TraceParent, bridge::catch,
    error_type,
};

use crate::{
    Headers, PathName, RequestTarget,
    exchange::GrpcCall,
    semantics::{Method, Peer, nanos},
};

/// An outgoing request as a span of kind client. If it is dropped before it has a response, it was cancelled, which is
/// an error.
///
/// The span is a child of the active span when it [begins](Self::begin), otherwise of the scope's span. Without either,
/// it is the first of a new trace. It ends with the head of the response. The attributes follow OpenTelemetry's
/// semantic conventions:
///
/// | attribute | value |
/// |---|---|
/// | `http.request.method` | the method; for a method that HTTP does not define, `_OTHER` with the method in `http.request.method_original` |
/// | `url.full` | the address without user info, the path by its [name](Self::begin_named) if there is one; with the query string if the client [may send personal data](logtide_client::ClientOptions::send_default_pii) |
/// | `server.address`, `server.port` | host and port of the address |
/// | `http.response.status_code` | the status of the response |
/// | `network.protocol.version` | the HTTP version, if known |
/// | `rpc.system`, `rpc.grpc.status_code` | for a gRPC call: `grpc`, and the status if the head has it |
/// | `error.type` | for a failure: the status, the type of the error, or `cancelled` |
///
/// The name is the method. The status is an error for a status of 400 or above, and for a failure without a response.
#[derive(Debug)]
#[must_use = "a request that is dropped counts as given up"]
pub struct OutgoingRequest {
    client: Client,
    /// `None` once it is sent.
    started: Option<Started>,
    active: ActiveSpan,
}

#[derive(Debug)]
struct Started {
    method: String,
    times: SpanTimes,
    fields: SpanFields,
}

/// How a request ended.
enum Answer<'a> {
    Response(u16, &'a GrpcCall, Option<&'a str>),
    Failed(&'a dyn Error),
    GivenUp,
}

impl OutgoingRequest {
    /// Begins a request and adds the headers that propagate its trace. These are `traceparent` with the id of the span,
    /// and the `tracestate` and `baggage` of the current scope's request.
    ///
    /// Returns `None` and adds nothing if there is already a `traceparent`, which then names the span that the request
    /// belongs to.
    #[must_use]
    pub fn begin(client: &Client, method: &str, uri: &Uri, headers: &mut HeaderMap) -> Option<Self> {
        Self::begin_as(client, method, uri, None, headers)
    }

    /// Like [`begin`](Self::begin), with a naming function for a path that may contain a secret.
    #[must_use]
    pub fn begin_named(
        client: &Client,
        method: &str,
        uri: &Uri,
        name: &PathName,
        headers: &mut HeaderMap,
    ) -> Option<Self> {
        Self::begin_as(client, method, uri, Some(name), headers)
    }

    fn begin_as(
        client: &Client,
        method: &str,
        uri: &Uri,
        name: Option<&PathName>,
        headers: &mut HeaderMap,
    ) -> Option<Self> {
        if headers.contains_key(TraceParent::HEADER) {
            return None;
        }
        let around = client.trace_context();
        let active = around.as_ref().map_or_else(
            || Integration::of(client).root_span(),
            |around| Integration::of(client).span_inside(around),
        );
        let mut times = SpanTimes::new(nanos(SystemTime::now()));
        times.kind = SpanKind::Client;
        let fields = if active.is_sampled() {
            SpanFields::new(
                None,
                Integration::of(client).content(),
                BeginFields { client, method, uri, name, headers },
            )
        } else {
            SpanFields::default()
        };
        let request = Self {
            client: client.detached(),
            started: Some(Started { method: method.to_owned(), times, fields }),
            active,
        };
        request.add_headers(headers);
        Some(request)
    }

    /// Runs a closure inside the span.
    pub fn run<R>(&self, work: impl FnOnce() -> R) -> R {
        struct Inside<'a>(&'a ActiveSpan);
        impl Drop for Inside<'_> {
            fn drop(&mut self) {
                self.0.exit();
            }
        }
        self.active.enter();
        let _inside = Inside(&self.active);
        work()
    }

    /// Ends the span with the head of the response.
    pub fn respond(mut self, status: u16, headers: &impl Headers, version: Option<&str>) {
        self.end(&Answer::Response(status, &GrpcCall::of_head(headers), version));
    }

    /// Ends the span with an error.
    pub fn fail(mut self, error: &dyn Error) {
        self.end(&Answer::Failed(error));
    }

    /// A trace id that is not in W3C form is replaced by the one that the span is sent with.
    fn add_headers(&self, headers: &mut HeaderMap) {
        let context = self.active.trace_context();
        let mut parent = TraceParent::new(context.trace_id.to_w3c(), self.active.span_id());
        parent.sampled = context.sampled;
        self.run(|| self.client.inject_trace(headers));
        if let Ok(value) = HeaderValue::try_from(parent.to_string()) {
            headers.insert(TraceParent::HEADER, value);
        }
    }

    fn end(&mut self, answer: &Answer<'_>) {
        let Some(started) = self.started.take().filter(|_| self.active.is_sampled()) else { return };
        let mut data = SpanData::default();
        if let Some(description) = answer.failure() {
            data.set_status(SpanStatus::Error, description);
        }
        Integration::of(&self.client).submit_span(&EndedSpan {
            name: Method::of(&started.method).in_name(),
            service: "",
            active: &self.active,
            times: started.times,
            fields: &started.fields.updated(&SpanFields::new(
                None,
                Integration::of(&self.client).content(),
                answer,
            )),
            data: &data,
            origin: false,
        });
    }
}

impl Drop for OutgoingRequest {
    fn drop(&mut self) {
        self.end(&Answer::GivenUp);
    }
}

struct BeginFields<'a> {
    client: &'a Client,
    method: &'a str,
    uri: &'a Uri,
    name: Option<&'a PathName>,
    headers: &'a HeaderMap,
}

impl IntoMetadata for BeginFields<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        let Self { client, method, uri, name, headers } = self;
        Method::of(method).write_to(fields);
        let authority = uri.authority().map(http::uri::Authority::as_str).or_else(|| headers.value("host"));
        let peer = Peer::of(authority);
        let query = uri.query().filter(|_| Integration::of(client).send_default_pii());
        let scheme = uri.scheme_str().unwrap_or("http");
        if let Some(authority) = authority {
            let authority = authority.rsplit_once('@').map_or(authority, |(_, authority)| authority);
            let (mark, query) = query.map_or(("", ""), |query| ("?", query));
            let target = RequestTarget::new(method, uri.path(), None);
            let path = name.map_or_else(|| uri.path().into(), |name| name.of(target));
            fields.display("url.full", format_args!("{scheme}://{authority}{path}{mark}{query}"));
        }
        peer.write_to(fields);
        if peer.host().is_some() && peer.port().is_none() {
            fields.field("server.port", &if scheme == "https" { 443_u16 } else { 80 });
        }
    }
}

impl Answer<'_> {
    /// The failure, unless a status describes it.
    fn failure(&self) -> Option<String> {
        match self {
            Self::Response(status, grpc, _) => {
                let has_failed = grpc.status().is_some_and(|status| status != 0);
                (*status >= 400 || has_failed).then(String::new)
            }
            Self::Failed(error) => Some(catch(|| error.to_string()).unwrap_or_default()),
            Self::GivenUp => Some("cancelled".to_owned()),
        }
    }
}

impl IntoMetadata for &Answer<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        let error = match self {
            Answer::Response(status, grpc, version) => {
                fields.field("http.response.status_code", status);
                if let Some(version) = version {
                    fields.field("network.protocol.version", *version);
                }
                if grpc.is_grpc() {
                    fields.field("rpc.system", "grpc");
                }
                if let Some(status) = grpc.status() {
                    fields.field("rpc.grpc.status_code", &status);
                }
                let status = grpc.status().unwrap_or_else(|| (*status).into());
                self.failure().map(|_| status.to_string())
            }
            Answer::Failed(error) => {
                Some(catch(|| error_type(*error)).unwrap_or_else(|_| "_OTHER".to_owned()))
            }
            Answer::GivenUp => Some("cancelled".to_owned()),
        };
        if let Some(error) = error {
            fields.field("error.type", error.as_str());
        }
    }
}
