//! The span of a handled request.

use std::time::SystemTime;

use logtide_client::integration::{ActiveSpan, EndedSpan, Integration};
use logtide_core::{
    Fields, IntoMetadata, Level, Panic, SpanData, SpanFields, SpanKind, SpanStatus, SpanTimes, TraceContext,
    bridge::catch, error_type,
};

use crate::{
    AccessLog, Headers, RequestHead,
    exchange::{Ending, GrpcCall, RequestLine},
    semantics::{Method, Peer, nanos},
};

/// The span of a request, from its arrival to the end of its response. It is sent once, when it has ended.
#[derive(Debug)]
pub(crate) struct ServerSpan(Box<Started>);

#[derive(Debug)]
struct Started {
    active: ActiveSpan,
    times: SpanTimes,
    /// The attributes that are known at the start.
    fields: SpanFields,
    data: SpanData,
}

/// The data for the span of a request when it ends.
pub(crate) struct Ended<'a> {
    pub(crate) log: &'a AccessLog,
    pub(crate) line: &'a RequestLine,
    pub(crate) status: Option<u16>,
    pub(crate) grpc: &'a GrpcCall,
    pub(crate) ending: &'a Ending<'a>,
}

impl ServerSpan {
    /// Starts the span of a request in this context, if spans are on. An untrusted context becomes a link.
    pub(crate) fn begin<H: Headers>(
        log: &AccessLog,
        request: &RequestHead<'_, H>,
        context: &TraceContext,
        untrusted: Option<&TraceContext>,
    ) -> Option<Self> {
        if !log.options().spans {
            return None;
        }
        let active = Integration::of(log.client()).span_inside(context);
        let mut times = SpanTimes::new(nanos(SystemTime::now()));
        times.kind = SpanKind::Server;
        let fields = if active.is_sampled() {
            SpanFields::new(None, Integration::of(log.client()).content(), BeginFields { log, request })
        } else {
            SpanFields::default()
        };
        let mut data = SpanData::default();
        if let Some((trace_id, span_id)) =
            untrusted.and_then(|untrusted| Some((untrusted.trace_id.w3c()?, untrusted.span_id?)))
        {
            data.link(trace_id, span_id, &SpanFields::default());
        }
        Some(Self(Box::new(Started { active, times, fields, data })))
    }

    /// The trace and the span.
    pub(crate) fn trace_context(&self) -> TraceContext {
        self.0.active.trace_context()
    }

    pub(crate) fn end(self, ended: &Ended<'_>) {
        let log = ended.log;
        let Started { active, times, fields, mut data } = *self.0;
        if !active.is_sampled() {
            return;
        }
        if ended.is_error() {
            data.set_status(SpanStatus::Error, ended.description());
        }
        Integration::of(log.client()).submit_span(&EndedSpan {
            name: &ended.name(),
            service: log.service().name(),
            active: &active,
            times,
            fields: &fields.updated(&SpanFields::new(None, Integration::of(log.client()).content(), ended)),
            data: &data,
            origin: false,
        });
    }
}

struct BeginFields<'a, 'h, H> {
    log: &'a AccessLog,
    request: &'a RequestHead<'h, H>,
}

impl<H: Headers> IntoMetadata for BeginFields<'_, '_, H> {
    fn write_to(self, fields: &mut Fields<'_>) {
        let Self { log, request } = self;
        Method::of(request.method).write_to(fields);
        fields.field("url.scheme", request.scheme.unwrap_or("http"));
        if let Some(query) = request
            .query
            .filter(|_| log.options().query_string || Integration::of(log.client()).send_default_pii())
        {
            fields.field("url.query", query);
        }
        Peer::of(request.authority.or_else(|| request.headers.value("host"))).write_to(fields);
        if let Some(address) = request.client_ip.filter(|_| log.may_log(log.options().client_ip)) {
            fields.display("client.address", address);
        }
        if let Some(agent) = log.user_agent(request) {
            fields.field("user_agent.original", agent);
        }
        if let Some(version) = request.version {
            fields.field("network.protocol.version", version);
        }
    }
}

impl Ended<'_> {
    fn name(&self) -> String {
        if let Some((service, method)) = self.procedure() {
            return format!("{service}/{method}");
        }
        let method = Method::of(self.line.method()).in_name();
        self.line.route().map_or_else(|| method.to_owned(), |route| format!("{method} {route}"))
    }

    /// Service and method of a gRPC call. A path that the server does not know names neither.
    fn procedure(&self) -> Option<(&str, &str)> {
        let path = self.line.path().strip_prefix('/').filter(|_| self.grpc.is_of_known_method())?;
        path.split_once('/').filter(|(service, method)| !service.is_empty() && !method.contains('/'))
    }

    fn is_error(&self) -> bool {
        let has_failed = match self.ending {
            Ending::Complete | Ending::Closed => false,
            Ending::Cancelled => self.log.options().cancelled_level >= Level::Warn,
            Ending::Failed(_) | Ending::Panicked(_) => true,
        };
        has_failed || self.status.is_some_and(|status| status >= 500) || self.grpc.is_failure()
    }

    /// Empty if the status describes it.
    fn description(&self) -> String {
        match self.ending {
            Ending::Complete | Ending::Closed => String::new(),
            Ending::Cancelled => "cancelled".to_owned(),
            Ending::Failed(error) => catch(|| error.to_string()).unwrap_or_default(),
            Ending::Panicked(payload) => Panic::message_of(*payload).to_owned(),
        }
    }

    fn error_type(&self) -> Option<String> {
        if !self.is_error() {
            return None;
        }
        match self.ending {
            Ending::Failed(error) => {
                Some(catch(|| error_type(*error)).unwrap_or_else(|_| "_OTHER".to_owned()))
            }
            Ending::Panicked(_) => Some("panic".to_owned()),
            Ending::Cancelled => Some("cancelled".to_owned()),
            Ending::Complete | Ending::Closed => match self.grpc.status() {
                Some(status) => Some(status.to_string()),
                None => self.status.map(|status| status.to_string()),
            },
        }
    }
}

impl IntoMetadata for &Ended<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        // Set at the end: the name of the path may change when the route is known.
        fields.field("url.path", self.line.path());
        if let Some(route) = self.line.route() {
            fields.field("http.route", route);
        }
        if let Some(status) = self.status {
            fields.field("http.response.status_code", &status);
        }
        if self.grpc.is_grpc() {
            fields.field("rpc.system", "grpc");
            if let Some((service, method)) = self.procedure() {
                fields.field("rpc.service", service);
                fields.field("rpc.method", method);
            }
        }
        if let Some(status) = self.grpc.status() {
            fields.field("rpc.grpc.status_code", &status);
        }
        if let Some(error) = self.error_type() {
            fields.field("error.type", error.as_str());
        }
    }
}
