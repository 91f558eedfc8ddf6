//! The breadcrumb filter of a client.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{Breadcrumb, bridge::catch};

/// The breadcrumbs that a client adds to its entries: the latest, as changed by the application's hook.
///
/// A scope passes each of its breadcrumbs through the hook once; see
/// [`Scope::filter_breadcrumbs`](crate::Scope::filter_breadcrumbs).
///
/// ```
/// use std::sync::Arc;
/// use logtide_core::{Breadcrumb, BreadcrumbFilter, Scope, Timestamp};
///
/// let filter = BreadcrumbFilter::new(20, Some(Arc::new(|breadcrumb| (breadcrumb.message != "ping").then_some(breadcrumb))));
/// let mut scope = Scope::new();
/// for message in ["ping", "login"] {
///     scope.add_breadcrumb(Breadcrumb::new(message));
/// }
/// scope.filter_breadcrumbs(&filter, || Timestamp::from_micros(0));
/// assert_eq!(scope.breadcrumbs().count(), 1);
/// ```
#[derive(Clone)]
pub struct BreadcrumbFilter {
    /// Identifies the filter in the process. Filters without a hook and with the same maximum are equal.
    id: u64,
    max: usize,
    hook: Option<Hook>,
}

type Hook = Arc<dyn Fn(Breadcrumb) -> Option<Breadcrumb> + Send + Sync>;

impl BreadcrumbFilter {
    /// Creates a filter that keeps up to `max` breadcrumbs of a scope, as returned by the hook.
    #[must_use]
    pub fn new(max: usize, hook: Option<Hook>) -> Self {
        static IDS: AtomicU64 = AtomicU64::new(1);
        let id = if hook.is_some() { IDS.fetch_add(1, Ordering::Relaxed) } else { u64::MAX - max as u64 };
        Self { id, max, hook }
    }

    /// Returns the breadcrumb as changed by the hook, or `None` if the hook dropped it. If the hook panics, the
    /// breadcrumb is unchanged.
    #[must_use]
    pub fn pass(&self, breadcrumb: Breadcrumb) -> Option<Breadcrumb> {
        let Some(hook) = &self.hook else { return Some(breadcrumb) };
        catch(|| hook(breadcrumb.clone())).unwrap_or(Some(breadcrumb))
    }

    pub(super) const fn id(&self) -> u64 {
        self.id
    }

    pub(super) const fn max(&self) -> usize {
        self.max
    }

    /// The mark of a breadcrumb that passed it, if it has a hook.
    pub(super) fn mark(&self) -> Option<u64> {
        self.hook.as_ref().map(|_| self.id)
    }
}

impl fmt::Debug for BreadcrumbFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BreadcrumbFilter").field("max", &self.max).finish_non_exhaustive()
    }
}
