//! The entry point of the middleware.

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
    /// Creates an access log for a client. It [watches the panics](Integration::watch_panics) of the process, so that a
    /// panic of a handler is logged with location and frames.
    pub fn new(client: Client, options: Options) -> Self {
        Integration::of(&client).watch_panics();
        let service = match options.service.as_str() {
            "" => client.default_service(),
            name => client.service(name),
        };
        Self(Arc::new(Settings { service, options }))
    }

    /// Begins a request: determines its trace and logs its first entry.
    ///
    /// The scope of the request has the tags `http.method` and, if known, `http.route`. It takes trace and span from
    /// the request's headers, unless [`Options::trust_incoming_traces`] is off. With [`Options::use_active_span`] it
    /// takes those of the enclosing span. A request to a skipped path has a scope too, but no entries.
    pub fn begin<H: Headers>(&self, request: &RequestHead<'_, H>) -> Exchange {
        let options = self.options();
        let target = RequestTarget::new(request.method, request.path, request.route.as_deref());
        let line = RequestLine::new(target, options.path_name.as_ref());
        let mut scope = Scope::new();
        let is_silent = options.skips(request.path) || options.skips(line.path());
        let Origin { context, is_own, untrusted } = self.trace(request.headers);
        let span = if is_silent || is_own {
            None
        } else {
            ServerSpan::begin(self, request, &context, untrusted.as_ref())
        };
        scope.set_trace_context(&span.as_ref().map_or(context, ServerSpan::trace_context));
        scope.set_tag("http.method", request.method);
        if let Some(route) = &request.route {
            scope.set_tag("http.route", route);
        }
        if is_silent {
            return Exchange::silent(self.clone(), line, scope);
        }
        let details = Details::new(self, request, untrusted);
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
        // Headers are looked up only when they are needed.
        let values = |name| iter::once(name).flat_map(|name| headers.values(name));
        let incoming = TraceContext::from_header_values(
            headers.values(TraceParent::HEADER),
            values(TraceContext::X_TRACE_ID),
        );
        let (incoming, untrusted) = if self.options().trust_incoming_traces {
            let carrying = |context: TraceContext| {
                context.carrying(values(TraceHeaders::TRACE_STATE), values(TraceHeaders::BAGGAGE))
            };
            (incoming.map(carrying), None)
        } else {
            (None, incoming)
        };
        let around = if self.options().use_active_span { ActiveSpan::current() } else { None };
        let Some(around) = around else {
            let context = incoming.unwrap_or_else(|| self.client().incoming_trace(None, None));
            return Origin { context, is_own: false, untrusted };
        };
        let mut context = around.trace_context();
        if let Some(incoming) = incoming.filter(|incoming| incoming.trace_id == context.trace_id) {
            context.headers = incoming.headers;
        }
        let untrusted = untrusted.filter(|untrusted| untrusted.trace_id != context.trace_id);
        Origin { context, is_own: true, untrusted }
    }

    /// Runs a closure in a request's scope, outside any active span, which would take precedence over the scope's
    /// trace.
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

    /// Whether to log personal data: as set here, otherwise as set in the client.
    pub(crate) fn may_log(&self, asked: Option<bool>) -> bool {
        asked.unwrap_or_else(|| Integration::of(self.client()).send_default_pii())
    }

    /// The `User-Agent`, if it is to be logged.
    pub(crate) fn user_agent<'a, H: Headers>(&self, request: &RequestHead<'a, H>) -> Option<&'a str> {
        if self.may_log(self.options().user_agent) { request.headers.value("user-agent") } else { None }
    }
}

/// The trace that a request belongs to.
struct Origin {
    context: TraceContext,
    /// Whether its span is the request's own.
    is_own: bool,
    /// The trace in the request's headers if it is not trusted.
    untrusted: Option<TraceContext>,
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
