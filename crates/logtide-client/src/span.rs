//! Spans for programs without `tracing`.

mod ended;
mod guard;
mod instrumented;

use std::{
    error::Error,
    fmt, mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use logtide_core::{
    IntoMetadata, SpanData, SpanFields, SpanId, SpanKind, SpanStatus, SpanTimes, TraceContext, TraceId,
};

pub use self::{
    ended::EndedSpan,
    guard::SpanGuard,
    instrumented::{InSpan, Instrumented},
};
use crate::{
    Client,
    client::now_nanos,
    integration::{ActiveSpan, Integration},
};

/// An operation with a start and an end, in a trace.
///
/// A span starts when [`Client::span`] creates it, and ends with its last clone or with [`end`](Self::end). Code runs
/// inside it between [`enter`](Self::enter) and the drop of the guard, or as a future with [`InSpan::in_span`]. Entries
/// logged there carry its ids, spans started there are its children, and outgoing requests propagate it. A span that
/// never ends is never sent, and uses only its own memory.
///
/// ```
/// # fn example(client: &logtide_client::Client) {
/// let span = client.span("load user").attribute("user.id", 42);
/// {
///     let _inside = span.enter();
///     logtide_client::info!(client, service: "api", "loading"); // with the ids of the span
/// }
/// span.end();
/// # }
/// ```
#[derive(Clone)]
pub struct Span(Arc<Inner>);

struct Inner {
    client: Client,
    name: String,
    active: ActiveSpan,
    /// Replaced as a whole: no lock is held while memory is allocated or freed, since an allocator may log.
    state: Mutex<Arc<State>>,
    has_ended: AtomicBool,
}

#[derive(Clone)]
struct State {
    service: String,
    times: SpanTimes,
    fields: SpanFields,
    data: SpanData,
}

impl Client {
    /// Starts a span inside the active span of the calling thread, otherwise in the trace of its scope, otherwise in a
    /// new trace.
    ///
    /// The span is sent when it ends, if its trace is [sampled](crate::ClientOptions::traces_sample_rate).
    #[must_use = "a span ends when it is dropped"]
    pub fn span(&self, name: impl Into<String>) -> Span {
        let integration = Integration::of(self);
        let active = match self.trace_context() {
            Some(context) => integration.span_inside(&context),
            None => integration.root_span(),
        };
        Span::start(self.detached(), name.into(), active)
    }

    /// Starts a span inside the span of a given context, such as a caller's. If the context has no span, the new span
    /// is the first of its trace.
    #[must_use = "a span ends when it is dropped"]
    pub fn span_in(&self, parent: &TraceContext, name: impl Into<String>) -> Span {
        Span::start(self.detached(), name.into(), Integration::of(self).span_inside(parent))
    }
}

impl Span {
    fn start(client: Client, name: String, active: ActiveSpan) -> Self {
        let (times, fields) = (SpanTimes::new(now_nanos()), SpanFields::default());
        let state = Arc::new(State { service: String::new(), times, fields, data: SpanData::default() });
        let (state, has_ended) = (Mutex::new(state), AtomicBool::new(false));
        Self(Arc::new(Inner { client, name, active, state, has_ended }))
    }

    /// Sets the span's role in the trace. Default [`SpanKind::Internal`].
    #[must_use]
    pub fn kind(self, kind: SpanKind) -> Self {
        self.0.update(|state| state.times.kind = kind);
        self
    }

    /// Sets the service. Default: the [client's](crate::ClientOptions::service).
    #[must_use]
    pub fn service(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.0.update(|state| state.service.clone_from(&name));
        self
    }

    /// Sets the start time in nanoseconds since 1970, for an operation that began before the span was created.
    #[must_use]
    pub fn started_at(self, nanos: u64) -> Self {
        self.0.update(|state| state.times.start = nanos);
        self
    }

    /// Adds an attribute. Replaces an attribute of the same name.
    #[must_use]
    pub fn attribute<V: serde::Serialize>(self, name: &'static str, value: V) -> Self {
        self.set_attribute(name, value);
        self
    }

    /// Adds an attribute to a span that has started. Replaces an attribute of the same name.
    pub fn set_attribute<V: serde::Serialize>(&self, name: &'static str, value: V) {
        self.set_attributes([(name, value)]);
    }

    /// Adds attributes. Replaces attributes of the same names.
    pub fn set_attributes(&self, attributes: impl IntoMetadata) {
        if self.is_sampled() {
            let newer = SpanFields::new(None, self.0.client.handle().content(), attributes);
            self.0.update(|state| state.fields = state.fields.updated(&newer));
        }
    }

    /// Adds an event with the current time.
    pub fn event(&self, name: &str, attributes: impl IntoMetadata) {
        self.event_at(now_nanos(), name, attributes);
    }

    fn event_at(&self, nanos: u64, name: &str, attributes: impl IntoMetadata) {
        if self.is_sampled() {
            let written = SpanFields::new(None, self.0.client.handle().content(), attributes);
            self.0.update(|state| state.data.event(nanos, name, &written));
        }
    }

    /// Adds a link to a related span that is not its parent.
    pub fn link(&self, trace_id: TraceId, span_id: SpanId) {
        self.0.update(|state| state.data.link(trace_id, span_id, &SpanFields::default()));
    }

    /// Sets the status. [`SpanStatus::Ok`] is final.
    pub fn set_status(&self, status: SpanStatus, message: impl Into<String>) {
        let message = message.into();
        self.0.update(|state| state.data.set_status(status, &*message));
    }

    /// Marks the span as failed: adds the error as an event `exception` and sets the status.
    pub fn record_error<E: Error + ?Sized>(&self, error: &E) {
        self.event("exception", error);
        self.set_status(SpanStatus::Error, error.to_string());
    }

    /// Enters the span on the calling thread until the guard is dropped. Do not hold the guard across an `await`: use
    /// [`InSpan::in_span`] instead.
    #[must_use = "the thread leaves the span when this is dropped"]
    pub fn enter(&self) -> SpanGuard<'_> {
        SpanGuard::new(&self.0.active)
    }

    /// Runs a closure inside the span.
    pub fn in_scope<R>(&self, work: impl FnOnce() -> R) -> R {
        let _inside = self.enter();
        work()
    }

    /// Returns the trace and the span as an outgoing request would carry them.
    #[must_use]
    pub fn trace_context(&self) -> TraceContext {
        self.0.active.trace_context()
    }

    /// Returns whether the span is sent when it ends.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.0.active.is_sampled()
    }

    /// Ends the span, even if there are clones. It is sent once.
    pub fn end(self) {
        self.0.end();
    }
}

impl Inner {
    fn end(&self) {
        if self.has_ended.swap(true, Ordering::SeqCst) {
            return;
        }
        let state = self.lock().clone();
        let ended = EndedSpan {
            name: &self.name,
            service: &state.service,
            active: &self.active,
            times: state.times,
            fields: &state.fields,
            data: &state.data,
            origin: false,
        };
        ended.submit(self.client.handle());
    }

    /// Makes a change, and repeats it if another thread changed the state first.
    fn update(&self, change: impl Fn(&mut State)) {
        loop {
            let former = self.lock().clone();
            let mut changed = State::clone(&former);
            change(&mut changed);
            let mut changed = Arc::new(changed);
            let mut current = self.lock();
            if Arc::ptr_eq(&current, &former) {
                mem::swap(&mut *current, &mut changed);
                return drop(current);
            }
            drop(current);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Arc<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.end();
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Span")
            .field("name", &self.0.name)
            .field("active", &self.0.active)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
