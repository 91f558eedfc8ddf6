//! Which breadcrumbs a client takes.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{Breadcrumb, bridge::catch};

/// Which breadcrumbs a client takes into its entries: the latest, as the application's hook changed them.
///
/// A scope passes each of its breadcrumbs through the hook once, see [`Scope::filter_breadcrumbs`](crate::Scope::filter_breadcrumbs).
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
    /// Names the filter among all in the process. Those without a hook and with the same number of breadcrumbs are alike.
    id: u64,
    max: usize,
    hook: Option<Hook>,
}

type Hook = Arc<dyn Fn(Breadcrumb) -> Option<Breadcrumb> + Send + Sync>;

impl BreadcrumbFilter {
    /// A filter that keeps so many breadcrumbs of a scope, and of these what the hook gives back.
    #[must_use]
    pub fn new(max: usize, hook: Option<Hook>) -> Self {
        static IDS: AtomicU64 = AtomicU64::new(1);
        let id = if hook.is_some() { IDS.fetch_add(1, Ordering::Relaxed) } else { u64::MAX - max as u64 };
        Self { id, max, hook }
    }

    /// The breadcrumb as the hook changed it, or `None` where the hook dropped it. When the hook panics, it is as it was.
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

    /// What a breadcrumb bears that passed it; nothing where there was nothing to pass.
    pub(super) fn mark(&self) -> Option<u64> {
        self.hook.as_ref().map(|_| self.id)
    }
}

impl fmt::Debug for BreadcrumbFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BreadcrumbFilter").field("max", &self.max).finish_non_exhaustive()
    }
}
