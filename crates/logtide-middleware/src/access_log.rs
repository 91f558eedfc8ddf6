//! Where requests begin.

use std::{iter, net::IpAddr, sync::Arc};

use logtide_client::{
    Client, Service,
    integration::{ActiveSpan, Integration},
};
use logtide_core::{Fields, IntoMetadata, Scope, TraceContext, TraceHeaders, TraceParent};

use crate::{
    Exchange, Headers, Options, RequestHead, exchange::RequestLine, headers::Captured,
    server_span::ServerSpan,
};

/// Logs the requests that a server handles. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AccessLog(Arc<Settings>);

#[derive(Debug)]
struct Settings {
    service: Service,
    options: Options,
}

impl AccessLog {
    /// Logs with a client, and has it [watch the panics](Client::watch_panics) of the process, so that a handler that panics is logged
    /// with place and frames.
    pub fn new(client: Client, options: Options) -> Self {
        let client = client.into();
        Integration::of(&client).watch_panics();
        let service = match options.service.as_str() {
            "" => client.default_service(),
            name => client.service(name),
        };
        Self(Arc::new(Settings { service, options }))
    }

    /// Begins a request: takes up its trace, or starts one, and writes its entry.
    ///
    /// The scope of the request has the trace and span that the request brings, or with [`Options::trace_of_span`] those of the span
    /// around it, and the tags `http.method` and, where it is known,
    /// `http.route`. A request to a path that is skipped has a scope too, but no entries.
    pub fn begin<H: Headers>(&self, request: &RequestHead<'_, H>) -> Exchange {
        let line = RequestLine::new(request.method, request.path, request.route.as_deref());
        let mut scope = Scope::new();
        let is_silent = self.options().skips(request.path);
        let (brought, is_own) = self.trace(request.headers);
        let span = if is_silent || is_own { None } else { ServerSpan::begin(self, request, &brought) };
        scope.set_trace_context(&span.as_ref().map_or(brought, ServerSpan::trace_context));
        scope.set_tag("http.method", request.method);
        if let Some(route) = &request.route {
            scope.set_tag("http.route", route);
        }
        if self.options().log_requests && !is_silent {
            self.in_scope(&mut scope, || self.service().info(line.as_str(), self.fields(request)));
        }
        Exchange::new(self.clone(), line, scope, span, is_silent)
    }

    /// The trace that the request brings or, where it is to take that, that of the span around it, and whether this span is the request's own.
    fn trace(&self, headers: &impl Headers) -> (TraceContext, bool) {
        // Headers are looked up where they are needed.
        let values = |name| iter::once(name).flat_map(|name| headers.values(name));
        let incoming = TraceContext::from_header_values(
            headers.values(TraceParent::HEADER),
            values(TraceContext::X_TRACE_ID),
        )
        .map(|context| context.carrying(values(TraceHeaders::TRACE_STATE), values(TraceHeaders::BAGGAGE)));
        let around = if self.options().trace_of_span { ActiveSpan::current() } else { None };
        let Some(around) = around else {
            return (incoming.unwrap_or_else(|| self.client().incoming_trace(None, None)), false);
        };
        let mut around = around.trace_context();
        if let Some(incoming) = incoming.filter(|incoming| incoming.trace_id == around.trace_id) {
            around.headers = incoming.headers;
        }
        (around, true)
    }

    /// Does some work inside a request's scope. A span that is active around the server would win over the trace in it.
    #[inline]
    pub(crate) fn in_scope<R>(&self, scope: &mut Scope, work: impl FnOnce() -> R) -> R {
        self.client().in_scope_mut(scope, || ActiveSpan::outside(work))
    }

    pub(crate) fn client(&self) -> &Client {
        self.0.service.client()
    }

    pub(crate) fn service(&self) -> &Service {
        &self.0.service
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    /// Whether something personal is logged, which the client says where it is not set.
    pub(crate) fn may_log(&self, asked: Option<bool>) -> bool {
        asked.unwrap_or_else(|| Integration::of(self.client()).send_default_pii())
    }

    /// The `User-Agent`, where it is logged.
    pub(crate) fn user_agent<'a, H: Headers>(&self, request: &RequestHead<'a, H>) -> Option<&'a str> {
        if self.may_log(self.options().user_agent) { request.headers.value("user-agent") } else { None }
    }

    fn fields<'a, H: Headers>(&self, request: &'a RequestHead<'_, H>) -> RequestFields<'a> {
        let options = self.options();
        RequestFields {
            method: request.method,
            path: request.path,
            route: request.route.as_deref(),
            query: request.query.filter(|_| options.query_string),
            ip: request.client_ip.filter(|_| self.may_log(options.client_ip)),
            user_agent: self.user_agent(request),
            headers: Captured::new(request.headers, &options.capture_headers),
        }
    }
}

struct RequestFields<'a> {
    method: &'a str,
    path: &'a str,
    route: Option<&'a str>,
    query: Option<&'a str>,
    ip: Option<IpAddr>,
    user_agent: Option<&'a str>,
    headers: Captured,
}

impl IntoMetadata for RequestFields<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        fields.field("method", self.method);
        fields.field("path", self.path);
        let texts = [("route", self.route), ("query", self.query), ("user_agent", self.user_agent)];
        for (key, text) in texts {
            if let Some(text) = text {
                fields.field(key, text);
            }
        }
        if let Some(ip) = self.ip {
            fields.display("ip", ip);
        }
        if !self.headers.is_empty() {
            fields.field("headers", &self.headers);
        }
    }
}
