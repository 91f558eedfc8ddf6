//! The trace that entries belong to.

use std::iter;

use http::{HeaderMap, HeaderValue, header::Entry};
use logtide_core::{OwnedId, TraceContext, TraceHeaders, TraceId, TraceParent};

use super::Client;
use crate::{
    InScope, Scoped,
    context::{self, new_trace_id},
    integration::ActiveSpan,
    random,
};

/// Which trace an entry belongs to is decided in this order: its own trace id, that of the span around it, the scope's, the client's
/// ([`set_trace_id`](Client::set_trace_id)), a new one ([`auto_trace_id`](crate::ClientOptions::auto_trace_id)).
impl Client {
    /// Sets the trace of all entries, in all threads and tasks, that have no other; `None` for none.
    ///
    /// For programs that do one thing. The trace of one request among others is set with [`Client::with_trace_id`] or a scope.
    pub fn set_trace_id(&self, id: Option<&str>) {
        self.handle.fallback_trace().set(id);
    }

    /// The trace that an entry logged here and now belongs to: the active span's, else the scope's, else the client's.
    #[must_use]
    pub fn trace_id(&self) -> Option<String> {
        self.trace_context().map(|context| context.trace_id.into())
    }

    /// Trace and span that an entry logged here and now belongs to.
    #[must_use]
    pub fn trace_context(&self) -> Option<TraceContext> {
        ActiveSpan::current().map(|span| span.trace_context()).or_else(|| self.outer_trace_context())
    }

    /// As [`Client::trace_context`], outside all active spans.
    pub(crate) fn outer_trace_context(&self) -> Option<TraceContext> {
        let scoped = context::current().and_then(|scope| scope.trace_context());
        scoped
            .filter(|context| !context.trace_id.is_empty())
            .or_else(|| self.handle.fallback_trace().get().map(|id| TraceContext::new(&*id)))
    }

    /// Does some work as part of a trace. Its entries keep the tags and all else of the scope around it.
    ///
    /// ```
    /// # fn example(client: &logtide_client::Client) {
    /// client.with_trace_id("4bf92f3577b34da6a3ce929d0e0e4736", || {
    ///     logtide_client::info!(client, service: "api", "request received");
    /// });
    /// # }
    /// ```
    pub fn with_trace_id<R>(&self, id: impl Into<OwnedId<TraceId>>, work: impl FnOnce() -> R) -> R {
        self.with_scope(|scope| scope.set_trace_id(id), work)
    }

    /// As [`Client::with_trace_id`], with a new id of the W3C form.
    pub fn with_new_trace_id<R>(&self, work: impl FnOnce() -> R) -> R {
        self.with_trace_id(new_trace_id(), work)
    }

    /// As [`Client::with_trace_id`], for a future.
    pub fn with_trace_id_async<F: Future>(&self, id: impl Into<OwnedId<TraceId>>, future: F) -> Scoped<F> {
        future.with_trace_id(id)
    }

    /// As [`Client::with_new_trace_id`], for a future.
    pub fn with_new_trace_id_async<F: Future>(&self, future: F) -> Scoped<F> {
        future.with_new_trace_id()
    }

    /// Gives the trace of a request that came in with these headers: from its `traceparent`, else its `X-Trace-ID`, else a new one.
    ///
    /// A header that is there more than once counts as absent, see [`TraceContext::from_header_values`]. With a `traceparent`, `tracestate`
    /// and `baggage` are [taken along](TraceContext::carrying).
    ///
    /// ```
    /// use logtide_client::InScope;
    /// use logtide_core::Scope;
    ///
    /// # async fn serve(client: &logtide_client::Client, request: http::Request<()>) {
    /// let trace = client.extract_trace(request.headers());
    /// let scope = Scope::new().with(|scope| scope.set_trace_context(&trace));
    /// async { logtide_client::info!(client, service: "api", "request received") }.with_scope(scope).await;
    /// # }
    /// ```
    #[must_use]
    pub fn extract_trace(&self, headers: &HeaderMap) -> TraceContext {
        let values =
            |name| headers.get_all(name).iter().map(|value: &HeaderValue| value.to_str().unwrap_or_default());
        TraceContext::from_header_values(values(TraceParent::HEADER), values(TraceContext::X_TRACE_ID))
            .map(|context| context.carrying(values(TraceHeaders::TRACE_STATE), values(TraceHeaders::BAGGAGE)))
            .unwrap_or_else(|| TraceContext::new(new_trace_id()))
    }

    /// Gives the trace of a request as [`Client::extract_trace`] does, from the one value of each header; `None` where the header is
    /// absent or is there more than once.
    #[must_use]
    pub fn incoming_trace(&self, traceparent: Option<&str>, x_trace_id: Option<&str>) -> TraceContext {
        TraceContext::from_headers(traceparent, x_trace_id)
            .unwrap_or_else(|| TraceContext::new(new_trace_id()))
    }

    /// Gives the `traceparent` for a request that goes out from here, unless it has one already.
    ///
    /// Without a span, the header has the id of a new one. `None` without a trace, and when its id is not of the W3C form.
    #[must_use]
    pub fn outgoing_trace(&self) -> Option<TraceParent> {
        self.trace_context()?.traceparent(random::u64())
    }

    /// Gives name and value of each header for a request that goes out from here: [`Client::outgoing_trace`], and the `tracestate` and
    /// `baggage` that the request brought in whose scope this is.
    ///
    /// For HTTP clients that do not have the headers of the crate `http`. Empty where [`Client::outgoing_trace`] is `None`.
    #[must_use]
    pub fn outgoing_headers(&self) -> Vec<(&'static str, String)> {
        let Some((parent, beside)) = self.outgoing() else { return Vec::new() };
        let beside = beside.iter().map(|(name, value)| (name, value.to_owned()));
        iter::once((TraceParent::HEADER, parent.to_string())).chain(beside).collect()
    }

    fn outgoing(&self) -> Option<(TraceParent, TraceHeaders)> {
        let context = self.trace_context()?;
        let parent = context.traceparent(random::u64())?;
        Some((parent, self.outgoing_beside(context)))
    }

    /// What goes along with a context. The ids of a span may come from another tracing system, which knows nothing of the request's scope.
    fn outgoing_beside(&self, context: TraceContext) -> TraceHeaders {
        if !context.headers.is_empty() {
            return context.headers;
        }
        let outer = self.outer_trace_context().filter(|outer| outer.trace_id == context.trace_id);
        outer.map(|outer| outer.headers).unwrap_or_default()
    }

    /// Adds [`Client::outgoing_headers`] to the headers of a request that goes out from here. Where there is a `traceparent`, or several,
    /// all are left alone, and so is a `tracestate` or `baggage` that is there.
    ///
    /// ```
    /// # fn example(client: &logtide_client::Client) {
    /// let mut request = http::Request::get("http://localhost/users").body(()).expect("the address is one");
    /// client.inject_trace(request.headers_mut());
    /// # }
    /// ```
    pub fn inject_trace(&self, headers: &mut HeaderMap) {
        if headers.contains_key(TraceParent::HEADER) {
            return;
        }
        let Some((parent, beside)) = self.outgoing() else { return };
        insert(headers, TraceParent::HEADER, &parent.to_string());
        beside.iter().for_each(|(name, value)| insert(headers, name, value));
    }
}

/// Adds a header that is not there yet.
fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let (Entry::Vacant(entry), Ok(value)) = (headers.entry(name), HeaderValue::from_str(value)) {
        entry.insert(value);
    }
}
