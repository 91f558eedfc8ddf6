//! Data that the entries of one request or task share.

use std::time::SystemTime;

use logtide_core::{Breadcrumb, Scope};

use super::{Client, is_logging_panic};
use crate::{InScope, Scoped, context};

/// Scopes belong to threads and tasks, not to a client: every client's entries inside a scope carry it.
impl Client {
    /// Runs a closure in a configured copy of the current scope.
    ///
    /// Afterwards, also after a panic, the current scope is the same as before.
    ///
    /// ```
    /// # fn example(client: &logtide_client::Client) {
    /// client.with_scope(
    ///     |scope| scope.set_tag("region", "eu"),
    ///     || client.info("shop", "order placed", [("order", 42)]),
    /// );
    /// # }
    /// ```
    pub fn with_scope<R>(&self, configure: impl FnOnce(&mut Scope), work: impl FnOnce() -> R) -> R {
        context::run(self.configured_scope(configure), work)
    }

    /// Like [`Client::with_scope`], for a future. The scope is configured at once, before the first poll.
    pub fn with_scope_async<F: Future>(&self, configure: impl FnOnce(&mut Scope), future: F) -> Scoped<F> {
        future.with_scope(self.configured_scope(configure))
    }

    /// Runs a closure in the given scope instead of the current one. Use it to carry a scope to another thread:
    ///
    /// ```
    /// # fn example(client: logtide_client::Client) {
    /// let scope = client.current_scope();
    /// std::thread::spawn(move || client.in_scope(scope, || logtide_client::info!(client, "mail sent")));
    /// # }
    /// ```
    pub fn in_scope<R>(&self, scope: Scope, work: impl FnOnce() -> R) -> R {
        let mut scope = scope;
        self.take_breadcrumbs(&mut scope);
        context::run(scope, work)
    }

    /// Like [`Client::in_scope`], but keeps the changes that the closure makes to the scope, also after a panic.
    ///
    /// For work that is done in parts, such as the handler and the body of a request.
    ///
    /// ```
    /// # use logtide_core::Scope;
    /// # fn example(client: &logtide_client::Client) {
    /// let mut scope = Scope::new();
    /// client.in_scope_mut(&mut scope, || client.configure_scope(|scope| scope.set_tag("step", "handler")));
    /// client.in_scope_mut(&mut scope, || logtide_client::info!(client, "with the tag"));
    /// # }
    /// ```
    #[inline]
    pub fn in_scope_mut<R>(&self, scope: &mut Scope, work: impl FnOnce() -> R) -> R {
        self.take_breadcrumbs(scope);
        context::run_in(scope, work)
    }

    /// Returns a copy of the current scope, or an empty scope outside all scopes.
    #[must_use]
    pub fn current_scope(&self) -> Scope {
        context::current().unwrap_or_default()
    }

    /// Changes the current scope for as long as it lasts.
    ///
    /// Outside all scopes this does nothing, since any later work of the thread would inherit the change. To add data
    /// to every entry, use [`global_metadata`](crate::ClientOptions::global_metadata).
    pub fn configure_scope(&self, configure: impl FnOnce(&mut Scope)) {
        context::configure(|scope| self.configure(scope, configure));
    }

    /// Adds a breadcrumb to the current scope. A breadcrumb without a time gets the time of this call.
    ///
    /// The scope keeps the latest [`max_breadcrumbs`](crate::ClientOptions::max_breadcrumbs).
    /// [`before_breadcrumb`](crate::ClientOptions::before_breadcrumb) can change or discard the breadcrumb, as with any
    /// other way to add one. Outside all scopes this does nothing.
    pub fn add_breadcrumb(&self, breadcrumb: Breadcrumb) {
        let filter = self.handle.breadcrumbs();
        let Some(breadcrumb) = filter.pass(breadcrumb) else { return };
        context::update(|scope| scope.add_passed_breadcrumb(breadcrumb, SystemTime::now(), filter));
    }

    /// The current scope as an entry carries it. It may have been created without the client.
    pub(super) fn scope_of_entry(&self) -> Option<Scope> {
        let mut scope = context::current()?;
        // While a panic is logged, only that entry omits the breadcrumbs that have not passed the hook.
        if self.take_breadcrumbs(&mut scope) && !is_logging_panic() {
            context::update(|current| current.clone_from(&scope));
        }
        Some(scope)
    }

    /// Filters the breadcrumbs of a scope, if it has any. Returns whether there was anything to filter.
    #[inline]
    fn take_breadcrumbs(&self, scope: &mut Scope) -> bool {
        scope.has_breadcrumbs() && scope.filter_breadcrumbs(self.handle.breadcrumbs(), SystemTime::now)
    }

    /// A copy of the current scope with changes, its breadcrumbs filtered by this client.
    fn configured_scope(&self, configure: impl FnOnce(&mut Scope)) -> Scope {
        self.current_scope().with(|scope| self.configure(scope, configure))
    }

    fn configure(&self, scope: &mut Scope, configure: impl FnOnce(&mut Scope)) {
        let filter = self.handle.breadcrumbs();
        // Comes before the changes, to set the maximum number of breadcrumbs.
        scope.filter_breadcrumbs(filter, SystemTime::now);
        configure(scope);
        scope.filter_breadcrumbs(filter, SystemTime::now);
    }
}
