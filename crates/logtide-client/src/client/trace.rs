//! The trace of an entry.

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

/// An entry belongs to the first of these traces that exists: its own trace id, that of its span, the scope's, the
/// client's ([`set_trace_id`](Client::set_trace_id)), a new one
/// ([`auto_trace_id`](crate::ClientOptions::auto_trace_id)).
impl Client {
    /// Sets the trace of all entries that have no other, in all threads and tasks. `None` removes it.
    ///
    /// For programs that do one job. In a server, use [`Client::with_trace_id`] or a scope for each request.
    pub fn set_trace_id(&self, id: Option<&str>) {
        self.handle.fallback_trace().set(id);
    }

    /// Returns the trace id that an entry logged here would have: the active span's, otherwise the scope's, otherwise
    /// the client's.
    #[must_use]
    pub fn trace_id(&self) -> Option<String> {
        self.trace_context().map(|context| context.trace_id.into())
    }

    /// Returns the trace and span that an entry logged here would have.
    #[must_use]
    pub fn trace_context(&self) -> Option<TraceContext> {
        ActiveSpan::current().map(|span| span.trace_context()).or_else(|| self.outer_trace_context())
    }

    /// Like [`Client::trace_context`], ignoring active spans.
    pub(crate) fn outer_trace_context(&self) -> Option<TraceContext> {
        let scoped = context::current().and_then(|scope| scope.trace_context());
        scoped
            .filter(|context| !context.trace_id.is_empty())
            .or_else(|| self.handle.fallback_trace().get().map(|id| TraceContext::new(&*id)))
    }

    /// Runs a closure as part of a trace. Its entries keep everything else of the current scope, such as tags.
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

    /// Like [`Client::with_trace_id`], with a new W3C trace id.
    pub fn with_new_trace_id<R>(&self, work: impl FnOnce() -> R) -> R {
        self.with_trace_id(new_trace_id(), work)
    }

    /// Like [`Client::with_trace_id`], for a future.
    pub fn with_trace_id_async<F: Future>(&self, id: impl Into<OwnedId<TraceId>>, future: F) -> Scoped<F> {
        future.with_trace_id(id)
    }

    /// Like [`Client::with_new_trace_id`], for a future.
    pub fn with_new_trace_id_async<F: Future>(&self, future: F) -> Scoped<F> {
        future.with_new_trace_id()
    }

    /// Returns the trace of an incoming request: from its `traceparent`, otherwise its `X-Trace-ID`, otherwise a new
    /// one.
    ///
    /// A header that occurs more than once counts as absent, see [`TraceContext::from_header_values`]. With a
    /// `traceparent`, the `tracestate` and `baggage` are [carried along](TraceContext::carrying).
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

    /// Returns the trace of an incoming request, like [`Client::extract_trace`], from header values. Pass `None` if the
    /// header is absent or occurs more than once.
    #[must_use]
    pub fn incoming_trace(&self, traceparent: Option<&str>, x_trace_id: Option<&str>) -> TraceContext {
        TraceContext::from_headers(traceparent, x_trace_id)
            .unwrap_or_else(|| TraceContext::new(new_trace_id()))
    }

    /// Returns the `traceparent` to add to an outgoing request that has none.
    ///
    /// Without a span, the header has a new span id. Returns `None` if there is no trace, or if its id is not in W3C
    /// form.
    #[must_use]
    pub fn outgoing_trace(&self) -> Option<TraceParent> {
        self.trace_context()?.traceparent(random::u64())
    }

    /// Returns the headers to add to an outgoing request as pairs of name and value. These are
    /// [`Client::outgoing_trace`], and the `tracestate` and `baggage` of the incoming request whose scope this is.
    ///
    /// For HTTP clients that do not use the `http` crate. Empty if [`Client::outgoing_trace`] is `None`.
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

    /// The headers that accompany a context. Its span may come from another tracing system, which does not know the
    /// request's scope.
    fn outgoing_beside(&self, context: TraceContext) -> TraceHeaders {
        if !context.headers.is_empty() {
            return context.headers;
        }
        let outer = self.outer_trace_context().filter(|outer| outer.trace_id == context.trace_id);
        outer.map(|outer| outer.headers).unwrap_or_default()
    }

    /// Adds [`Client::outgoing_headers`] to the headers of an outgoing request. If there is already a `traceparent`,
    /// the headers stay unchanged. An existing `tracestate` or `baggage` also stays unchanged.
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

/// Adds a header unless it is already present.
fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let (Entry::Vacant(entry), Ok(value)) = (headers.entry(name), HeaderValue::from_str(value)) {
        entry.insert(value);
    }
}
