//! Where requests begin.

use std::{iter, sync::Arc};

use logtide_client::{
    Client, Service,
    integration::{ActiveSpan, Integration},
};
use logtide_core::{Fields, Head, IntoMetadata, Level, Scope, TraceContext, TraceHeaders, TraceParent};

use crate::{
    Exchange, Headers, Options, RequestHead, RequestTarget, details::Details, exchange::RequestLine,
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
    /// Logs with a client, and has it [watch the panics](Integration::watch_panics) of the process, so that a handler that panics is logged
    /// with place and frames.
    pub fn new(client: Client, options: Options) -> Self {
        Integration::of(&client).watch_panics();
        let service = match options.service.as_str() {
            "" => client.default_service(),
            name => client.service(name),
        };
        Self(Arc::new(Settings { service, options }))
    }

    /// Begins a request: takes up its trace, or starts one, and writes its entry.
    ///
    /// The scope of the request has the trace and span that the request brings, unless [`Options::trust_incoming_traces`] is off, or with
    /// [`Options::trace_of_span`] those of the span around it, and the tags `http.method` and, where it is known,
    /// `http.route`. A request to a path that is skipped has a scope too, but no entries.
    pub fn begin<H: Headers>(&self, request: &RequestHead<'_, H>) -> Exchange {
        let options = self.options();
        let target = RequestTarget::new(request.method, request.path, request.route.as_deref());
        let line = RequestLine::new(target, options.path_name.as_ref());
        let mut scope = Scope::new();
        let is_silent = options.skips(request.path) || options.skips(line.path());
        let Origin { context, is_own, refused } = self.trace(request.headers);
        let span = if is_silent || is_own {
            None
        } else {
            ServerSpan::begin(self, request, &context, refused.as_ref())
        };
        scope.set_trace_context(&span.as_ref().map_or(context, ServerSpan::trace_context));
        scope.set_tag("http.method", request.method);
        if let Some(route) = &request.route {
            scope.set_tag("http.route", route);
        }
        if is_silent {
            return Exchange::silent(self.clone(), line, scope);
        }
        let details = Details::new(self, request, refused);
        if !options.log_requests {
            return Exchange::new(self.clone(), line, scope, span, details.kept());
        }
        let head = Head::new(Level::Info, self.service().name());
        let fields = RequestFields { line: &line, details: &details };
        self.in_scope(&mut scope, || {
            Integration::of(self.client()).submit(&head, line.as_str(), fields);
        });
        Exchange::new(self.clone(), line, scope, span, None)
    }

    /// The trace that a request belongs to.
    fn trace(&self, headers: &impl Headers) -> Origin {
        // Headers are looked up where they are needed.
        let values = |name| iter::once(name).flat_map(|name| headers.values(name));
        let incoming = TraceContext::from_header_values(
            headers.values(TraceParent::HEADER),
            values(TraceContext::X_TRACE_ID),
        );
        let (incoming, refused) = if self.options().trust_incoming_traces {
            let carrying = |context: TraceContext| {
                context.carrying(values(TraceHeaders::TRACE_STATE), values(TraceHeaders::BAGGAGE))
            };
            (incoming.map(carrying), None)
        } else {
            (None, incoming)
        };
        let around = if self.options().trace_of_span { ActiveSpan::current() } else { None };
        let Some(around) = around else {
            let context = incoming.unwrap_or_else(|| self.client().incoming_trace(None, None));
            return Origin { context, is_own: false, refused };
        };
        let mut context = around.trace_context();
        if let Some(incoming) = incoming.filter(|incoming| incoming.trace_id == context.trace_id) {
            context.headers = incoming.headers;
        }
        let refused = refused.filter(|refused| refused.trace_id != context.trace_id);
        Origin { context, is_own: true, refused }
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
}

/// The trace that a request belongs to.
struct Origin {
    context: TraceContext,
    /// Whether the span in it is the request's own.
    is_own: bool,
    /// The trace that the request brought, where that is not to be trusted.
    refused: Option<TraceContext>,
}

struct RequestFields<'a> {
    line: &'a RequestLine,
    details: &'a Details<'a>,
}

impl IntoMetadata for RequestFields<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        self.line.write_to(fields);
        self.details.write_to(fields);
    }
}
