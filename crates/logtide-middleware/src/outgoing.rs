//! Requests that go out, as spans.

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

/// A request that is sent, as a span of kind client. Dropped before it has an answer, it was given up, which is an error.
///
/// It is a child of the span in which it [begins](Self::begin), else of the scope's, else the first of a new trace. It ends when the head
/// of the response is there. Attributes are those of OpenTelemetry's semantic conventions:
///
/// | attribute | value |
/// |---|---|
/// | `http.request.method` | the method; `_OTHER` for one that HTTP does not define, which is then `http.request.method_original` |
/// | `url.full` | the address without user info, with another path where one was [given](Self::begin_named); with its query string where the client [may send personal data](logtide_client::ClientOptions::send_default_pii) |
/// | `server.address`, `server.port` | what the address names |
/// | `http.response.status_code` | the status of the response |
/// | `network.protocol.version` | the version of HTTP, where it is known |
/// | `rpc.system`, `rpc.grpc.status_code` | of a gRPC call: `grpc`, and the status where the head has it |
/// | `error.type` | of a failure: the status, the type of the error, or `cancelled` |
///
/// The name is the method, and the status is an error from 400 on, and for what fails without a status.
#[derive(Debug)]
#[must_use = "a request that is dropped counts as given up"]
pub struct OutgoingRequest {
    client: Client,
    /// There until it is sent.
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
    /// Begins a request here and now, and adds the headers that take the trace along: `traceparent` with the id of the span, and the
    /// `tracestate` and `baggage` that the request brought in whose scope this is.
    ///
    /// `None`, and nothing added, where there is a `traceparent`: whoever wrote it says which span the request belongs to.
    #[must_use]
    pub fn begin(client: &Client, method: &str, uri: &Uri, headers: &mut HeaderMap) -> Option<Self> {
        Self::begin_as(client, method, uri, None, headers)
    }

    /// As [`begin`](Self::begin), with a name for the path, which may hold a secret.
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

    /// Does some work of the request inside its span.
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

    /// Ends it with the head of the response.
    pub fn respond(mut self, status: u16, headers: &impl Headers, version: Option<&str>) {
        self.end(&Answer::Response(status, &GrpcCall::of_head(headers), version));
    }

    /// Ends it with an error.
    pub fn fail(mut self, error: &dyn Error) {
        self.end(&Answer::Failed(error));
    }

    /// A trace id that is not of the W3C form becomes the one that the span is sent with.
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
    /// Whether it failed, and with what, where no status says it.
    fn failure(&self) -> Option<String> {
        match self {
            Self::Response(status, grpc, _) => {
                let refused = grpc.status().is_some_and(|status| status != 0);
                (*status >= 400 || refused).then(String::new)
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
                if grpc.is_one() {
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
