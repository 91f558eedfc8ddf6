//! A request that is being handled.

mod ending;
mod grpc;
mod nesting;
mod request_line;

use logtide_client::integration::Integration;
use std::{
    error::Error,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::Instant,
};

use logtide_core::{Fields, Head, IntoMetadata, Level, Panic, Scope};

use self::nesting::Nesting;
pub(crate) use self::{ending::Ending, grpc::GrpcCall, request_line::RequestLine};
use crate::{
    AccessLog, Handling, Headers, Transfer,
    details::Details,
    headers::Captured,
    server_span::{Ended, ServerSpan},
};

/// A request that is being handled. If it is dropped before it has a response, it counts as cancelled: the client has
/// disconnected.
#[derive(Debug)]
#[must_use = "a request that is dropped counts as cancelled"]
pub struct Exchange {
    log: AccessLog,
    scope: Scope,
    line: RequestLine,
    start: Instant,
    status: Option<u16>,
    grpc: GrpcCall,
    response_headers: Captured,
    /// The details of the request that are not yet logged.
    details: Option<Box<Details<'static>>>,
    /// Whether only the client ends the response.
    is_endless: bool,
    /// `None` once the request has ended.
    span: Option<ServerSpan>,
    /// Whether the final entry is written, or there is none to write.
    has_ended: bool,
}

impl Exchange {
    pub(crate) fn new(
        log: AccessLog,
        line: RequestLine,
        scope: Scope,
        span: Option<ServerSpan>,
        details: Option<Box<Details<'static>>>,
    ) -> Self {
        Self {
            log,
            scope,
            line,
            start: Instant::now(),
            status: None,
            grpc: GrpcCall::default(),
            response_headers: Captured::default(),
            details,
            is_endless: false,
            span,
            has_ended: false,
        }
    }

    /// An exchange that logs nothing.
    pub(crate) fn silent(log: AccessLog, line: RequestLine, scope: Scope) -> Self {
        let mut exchange = Self::new(log, line, scope, None, None);
        exchange.has_ended = true;
        exchange
    }

    /// Returns the current scope of the request.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Sets the route, such as `/users/{id}`, if it was not known before.
    pub fn set_route(&mut self, route: impl AsRef<str>) {
        self.scope.set_tag("http.route", &route);
        self.line.set_route(route.as_ref());
    }

    /// Runs a closure in the scope of the request, and keeps the changes that it makes to the scope.
    ///
    /// The closure runs outside all [spans](logtide_client::integration::ActiveSpan) around the server, such as that of
    /// a connection. What it logs belongs to the trace of the request.
    ///
    /// # Panics
    ///
    /// Panics with the same payload if the closure panics, after logging the final entry.
    pub fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        let nesting = Nesting::begin();
        let result = self.log.in_scope(&mut self.scope, || catch_unwind(AssertUnwindSafe(work)));
        result.unwrap_or_else(|payload| {
            self.end(Ending::Panicked(&*payload));
            if nesting.is_outermost() {
                Integration::of(self.log.client()).forget_panic(&*payload);
            }
            resume_unwind(payload)
        })
    }

    /// Handles the request with a future that runs in its scope.
    pub const fn handle<F: Future>(self, future: F) -> Handling<F> {
        Handling::new(future, self)
    }

    /// Continues with the response: its status, its headers, and the size of its body in bytes, if known.
    ///
    /// Logs the final entry at once if no body follows. For a gRPC call, it waits until the status is known.
    pub fn respond(mut self, status: u16, headers: &impl Headers, size: Option<u64>) -> Transfer {
        self.status = Some(status);
        self.grpc = GrpcCall::of_head(headers);
        self.is_endless = headers.value("content-type").is_some_and(is_endless);
        self.response_headers = Captured::new(headers, &self.log.options().capture_response_headers);
        let size = match size {
            Some(0) => size,
            _ if !self.has_body(status) => Some(0),
            // A chunked body has no such length, and servers omit the header.
            _ if headers.value("transfer-encoding").is_some() => None,
            // Servers send the announced length, whatever the body's own size is.
            _ => headers.value("content-length").and_then(|length| length.trim().parse().ok()).or(size),
        };
        Transfer::new(self, size)
    }

    /// Logs that the request failed, which ends it. `status` is the status of the response, if there is one.
    pub fn fail(&mut self, status: Option<u16>, error: &dyn Error) {
        self.status = status;
        self.end(Ending::Failed(error));
    }

    /// The gRPC status in the response.
    pub(crate) const fn grpc(&mut self) -> &mut GrpcCall {
        &mut self.grpc
    }

    pub(crate) const fn has_ended(&self) -> bool {
        self.has_ended
    }

    pub(crate) fn end(&mut self, ending: Ending<'_>) {
        if std::mem::replace(&mut self.has_ended, true) {
            return;
        }
        self.log_ending(&ending);
        if let Some(span) = self.span.take() {
            let Self { log, line, status, grpc, .. } = &*self;
            span.end(&Ended { log, line, status: *status, grpc, ending: &ending });
        }
    }

    fn log_ending(&mut self, ending: &Ending<'_>) {
        let of_ending = ending.level(self.status, self.log.options().cancelled_level);
        let level = self.grpc.level().map_or(of_ending, |level| level.max(of_ending));
        if level < Level::Error && !self.log.options().log_responses {
            return;
        }
        let elapsed = self.start.elapsed();
        let (line, milliseconds) = (self.line.as_str(), (elapsed.as_secs_f64() * 1e3).round() as u64);
        let client = self.log.client();
        // Without a location: an error in the metadata would get it, although it says nothing about the error.
        let head = Head::new(level, self.log.service().name());
        let fields = ResponseFields {
            line: &self.line,
            status: self.status,
            grpc_status: self.grpc.status(),
            // Two decimals, as in the other SDKs.
            duration_ms: (elapsed.as_secs_f64() * 1e5).round() / 1e2,
            details: self.details.as_deref(),
            headers: &self.response_headers,
        };
        self.log.in_scope(&mut self.scope, || match ending {
            Ending::Complete => {
                let status = self.status.unwrap_or_default();
                Integration::of(client).submit(
                    &head,
                    format_args!("{line} {status} ({milliseconds}ms)"),
                    fields,
                );
            }
            Ending::Cancelled => {
                Integration::of(client).submit(
                    &head,
                    format_args!("{line} cancelled ({milliseconds}ms)"),
                    fields,
                );
            }
            Ending::Closed => {
                Integration::of(client).submit(
                    &head,
                    format_args!("{line} closed ({milliseconds}ms)"),
                    fields,
                );
            }
            Ending::Failed(error) => {
                Integration::of(client).submit(
                    &head,
                    format_args!("Request error: {error}"),
                    fields.with(*error),
                );
            }
            Ending::Panicked(payload) => {
                let message = format_args!("Request error: panicked: {}", Panic::message_of(*payload));
                Integration::of(client).submit_panic(&head, *payload, message, fields);
            }
        });
    }

    /// Whether HTTP allows a body in the response with this status, RFC 9110 section 6.4.1.
    fn has_body(&self, status: u16) -> bool {
        let method = self.line.method();
        let tunnels = method == "CONNECT" && (200..300).contains(&status);
        !(method == "HEAD" || tunnels || matches!(status, 100..200 | 204 | 304))
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.end(if self.is_endless { Ending::Closed } else { Ending::Cancelled });
    }
}

struct ResponseFields<'a> {
    line: &'a RequestLine,
    status: Option<u16>,
    grpc_status: Option<u32>,
    duration_ms: f64,
    details: Option<&'a Details<'static>>,
    headers: &'a Captured,
}

impl IntoMetadata for ResponseFields<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        self.line.write_to(fields);
        if let Some(status) = self.status {
            fields.field("status", &status);
        }
        if let Some(status) = self.grpc_status {
            fields.field("grpc_status", &status);
        }
        fields.field("duration_ms", &self.duration_ms);
        if let Some(details) = self.details {
            details.write_to(fields);
        }
        if !self.headers.is_empty() {
            fields.field("response_headers", self.headers);
        }
    }
}

/// Whether only the client ends a response of this media type: an event stream, or parts that replace each other.
fn is_endless(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    ["text/event-stream", "multipart/x-mixed-replace"]
        .iter()
        .any(|endless| media_type.eq_ignore_ascii_case(endless))
}
