//! What the entries of one request or task have in common.

use std::time::SystemTime;

use logtide_core::{Breadcrumb, Scope};

use super::{Client, is_logging_panic};
use crate::{InScope, Scoped, context};

/// Scopes belong to threads and tasks, not to a client: entries of every client that log inside one carry it.
impl Client {
    /// Does some work inside a copy of the current scope that is configured first.
    ///
    /// Afterwards, and after a panic, the scope is what it was.
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

    /// As [`Client::with_scope`], for a future. The scope is configured now.
    pub fn with_scope_async<F: Future>(&self, configure: impl FnOnce(&mut Scope), future: F) -> Scoped<F> {
        future.with_scope(self.configured_scope(configure))
    }

    /// Does some work inside a scope, in place of the current one. So a scope is taken along to another thread:
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

    /// As [`Client::in_scope`], and what the work changes in the scope is there afterwards, also after a panic.
    ///
    /// For work that is done in parts, such as that of a request in its handler and its body.
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

    /// A copy of the current scope; an empty one outside all scopes.
    #[must_use]
    pub fn current_scope(&self) -> Scope {
        context::current().unwrap_or_default()
    }

    /// Changes the current scope, until its work is done.
    ///
    /// Nothing happens outside all scopes: whatever the thread does later would inherit the change. What belongs to every entry is
    /// set with [`global_metadata`](crate::ClientOptions::global_metadata).
    pub fn configure_scope(&self, configure: impl FnOnce(&mut Scope)) {
        context::configure(|scope| self.configure(scope, configure));
    }

    /// Adds a breadcrumb to the current scope, with the time of this call where it has none of its own.
    ///
    /// The latest [`max_breadcrumbs`](crate::ClientOptions::max_breadcrumbs) are kept, and
    /// [`before_breadcrumb`](crate::ClientOptions::before_breadcrumb) may change or drop it, as everything that comes into a scope's
    /// breadcrumbs in any other way. Nothing happens outside all scopes.
    pub fn add_breadcrumb(&self, breadcrumb: Breadcrumb) {
        let filter = self.handle.breadcrumbs();
        let Some(breadcrumb) = filter.pass(breadcrumb) else { return };
        context::update(|scope| scope.add_passed_breadcrumb(breadcrumb, SystemTime::now(), filter));
    }

    /// The current scope as an entry carries it. It may have been made without the client.
    pub(super) fn scope_of_entry(&self) -> Option<Scope> {
        let mut scope = context::current()?;
        // While a panic is logged, breadcrumbs that have not passed the hook are left out of that entry alone.
        if self.take_breadcrumbs(&mut scope) && !is_logging_panic() {
            context::update(|current| current.clone_from(&scope));
        }
        Some(scope)
    }

    /// Filters the breadcrumbs of a scope, if it has any, and gives whether anything was to be done.
    #[inline]
    fn take_breadcrumbs(&self, scope: &mut Scope) -> bool {
        scope.has_breadcrumbs() && scope.filter_breadcrumbs(self.handle.breadcrumbs(), SystemTime::now)
    }

    /// A copy of the current scope with changes, and its breadcrumbs as this client takes them.
    fn configured_scope(&self, configure: impl FnOnce(&mut Scope)) -> Scope {
        self.current_scope().with(|scope| self.configure(scope, configure))
    }

    fn configure(&self, scope: &mut Scope, configure: impl FnOnce(&mut Scope)) {
        let filter = self.handle.breadcrumbs();
        // Before the changes for the sake of the number that is kept.
        scope.filter_breadcrumbs(filter, SystemTime::now);
        configure(scope);
        scope.filter_breadcrumbs(filter, SystemTime::now);
    }
}
