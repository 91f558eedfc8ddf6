//! Futures inside scopes.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use logtide_core::{OwnedId, Scope, TraceId};

use super::{Installed, current, new_trace_id};

/// Puts futures into scopes.
///
/// The scope is there whenever the future is polled, on whatever thread, and while it is dropped. No other task sees it, not even one
/// that the future spawns: that one is given a scope of its own, for example with [`in_current_scope`](Self::in_current_scope).
///
/// ```
/// use logtide_client::InScope;
/// use logtide_core::Scope;
///
/// # fn spawn(_: impl Future + Send + 'static) {}
/// # fn handle(client: logtide_client::Client) {
/// let request = async move {
///     logtide_client::info!(client, service: "api", "request received");
///     let background = async move { client.info("api", "cache warmed", ()) };
///     spawn(background.in_current_scope());
/// };
/// spawn(request.with_scope(Scope::new().with(|scope| scope.set_tag("route", "/users"))));
/// # }
/// ```
pub trait InScope: Future + Sized {
    /// Puts the future into a scope, in place of the one it is polled in.
    fn with_scope(self, scope: Scope) -> Scoped<Self> {
        Scoped { future: Some(Box::pin(self)), scope: Some(scope) }
    }

    /// Puts the future into a copy of the scope that is the current one now; outside all scopes, into an empty one.
    fn in_current_scope(self) -> Scoped<Self> {
        self.with_scope(current().unwrap_or_default())
    }

    /// Puts the future into a copy of the current scope that belongs to a trace.
    fn with_trace_id(self, id: impl Into<OwnedId<TraceId>>) -> Scoped<Self> {
        self.with_scope(current().unwrap_or_default().with(|scope| scope.set_trace_id(id)))
    }

    /// Puts the future into a copy of the current scope that belongs to a new trace.
    fn with_new_trace_id(self) -> Scoped<Self> {
        self.with_trace_id(new_trace_id())
    }
}

impl<F: Future> InScope for F {}

/// A future inside a scope. Made by [`InScope`].
#[must_use = "futures do nothing unless they are awaited"]
pub struct Scoped<F> {
    /// There until this is dropped.
    future: Option<Pin<Box<F>>>,
    /// During a poll, the scope in which it was polled.
    scope: Option<Scope>,
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Self { future, scope } = &mut *self;
        let _installed = Installed::new(scope);
        match future {
            Some(future) => future.as_mut().poll(context),
            None => Poll::Pending,
        }
    }
}

impl<F> Drop for Scoped<F> {
    fn drop(&mut self) {
        let _installed = Installed::new(&mut self.scope);
        self.future = None;
    }
}

impl<F> fmt::Debug for Scoped<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Scoped").field("scope", &self.scope).finish_non_exhaustive()
    }
}
