//! Futures inside scopes.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use logtide_core::{OwnedId, Scope, TraceId};

use super::{Installed, current, new_trace_id};

/// Runs futures inside scopes.
///
/// The scope is current whenever the future is polled, on any thread, and while it is dropped. No other task sees it,
/// including tasks that the future spawns. Give those a scope of their own, for example with
/// [`in_current_scope`](Self::in_current_scope).
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
    /// Runs the future in the given scope instead of the one it is polled in.
    fn with_scope(self, scope: Scope) -> Scoped<Self> {
        Scoped { future: Some(Box::pin(self)), scope: Some(scope) }
    }

    /// Runs the future in a copy of the current scope, or in an empty scope outside all scopes.
    fn in_current_scope(self) -> Scoped<Self> {
        self.with_scope(current().unwrap_or_default())
    }

    /// Runs the future in a copy of the current scope with the given trace.
    fn with_trace_id(self, id: impl Into<OwnedId<TraceId>>) -> Scoped<Self> {
        self.with_scope(current().unwrap_or_default().with(|scope| scope.set_trace_id(id)))
    }

    /// Runs the future in a copy of the current scope with a new trace.
    fn with_new_trace_id(self) -> Scoped<Self> {
        self.with_trace_id(new_trace_id())
    }
}

impl<F: Future> InScope for F {}

/// A future inside a scope. Created by [`InScope`].
#[must_use = "futures do nothing unless they are awaited"]
pub struct Scoped<F> {
    /// `None` only while this is dropped.
    future: Option<Pin<Box<F>>>,
    /// The future's scope; during a poll, the scope of the polling thread.
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
