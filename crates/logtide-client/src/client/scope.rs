//! What the entries of one request or task have in common.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::SystemTime,
};

use logtide_core::{Breadcrumb, Scope};

use super::Client;
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
        self.in_scope(self.current_scope().with(configure), work)
    }

    /// As [`Client::with_scope`], for a future. The scope is configured now.
    pub fn with_scope_async<F: Future>(&self, configure: impl FnOnce(&mut Scope), future: F) -> Scoped<F> {
        future.with_scope(self.current_scope().with(configure))
    }

    /// Does some work inside a scope, in place of the current one. So a scope is taken along to another thread:
    ///
    /// ```
    /// # fn example(client: logtide_client::Client) {
    /// let scope = client.current_scope();
    /// std::thread::spawn(move || client.in_scope(scope, || client.info("shop", "mail sent", ())));
    /// # }
    /// ```
    pub fn in_scope<R>(&self, scope: Scope, work: impl FnOnce() -> R) -> R {
        context::run(scope, work)
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
        context::configure(configure);
    }

    /// Adds a breadcrumb to the current scope, with the time of this call where it has none of its own.
    ///
    /// The latest [`max_breadcrumbs`](crate::ClientOptions::max_breadcrumbs) are kept, and
    /// [`before_breadcrumb`](crate::ClientOptions::before_breadcrumb) may change or drop it. Nothing happens outside all scopes.
    pub fn add_breadcrumb(&self, breadcrumb: Breadcrumb) {
        let options = self.handle.options();
        let breadcrumb = match &options.before_breadcrumb {
            None => Some(breadcrumb),
            // After a panic in the hook the breadcrumb stays as it was.
            Some(hook) => {
                catch_unwind(AssertUnwindSafe(|| hook(breadcrumb.clone()))).unwrap_or(Some(breadcrumb))
            }
        };
        let Some(breadcrumb) = breadcrumb else { return };
        context::update(|scope| {
            scope.set_max_breadcrumbs(options.max_breadcrumbs);
            scope.add_breadcrumb(breadcrumb, SystemTime::now());
        });
    }
}
