//! Names for the paths of requests.

use std::{borrow::Cow, fmt, sync::Arc};

use logtide_core::{REDACTED, bridge::catch};

/// The parts of a request that a path naming function receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestTarget<'a> {
    method: &'a str,
    path: &'a str,
    route: Option<&'a str>,
}

/// A function that returns the name under which a path is logged. See
/// [`Options::path_name`](crate::Options::path_name).
#[derive(Clone)]
pub struct PathName(Arc<Name>);

type Name = dyn for<'a> Fn(RequestTarget<'a>) -> Cow<'a, str> + Send + Sync;

impl<'a> RequestTarget<'a> {
    pub(crate) const fn new(method: &'a str, path: &'a str, route: Option<&'a str>) -> Self {
        Self { method, path, route }
    }

    /// Returns the method, such as `GET`.
    #[must_use]
    pub const fn method(&self) -> &'a str {
        self.method
    }

    /// Returns the original path, without the query string.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }

    /// Returns the route, such as `/users/{id}`. `None` if no route matches or it is not yet known, and for outgoing
    /// requests.
    #[must_use]
    pub const fn route(&self) -> Option<&'a str> {
        self.route
    }
}

impl PathName {
    /// Wraps a function.
    pub fn new(name: impl for<'a> Fn(RequestTarget<'a>) -> Cow<'a, str> + Send + Sync + 'static) -> Self {
        Self(Arc::new(name))
    }

    /// The name of a path; `[REDACTED]` if the function panics.
    pub(crate) fn of<'a>(&self, target: RequestTarget<'a>) -> Cow<'a, str> {
        catch(|| (self.0)(target)).unwrap_or(Cow::Borrowed(REDACTED))
    }
}

/// Clones of the same value are equal.
impl PartialEq for PathName {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for PathName {}

impl fmt::Debug for PathName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PathName").finish_non_exhaustive()
    }
}
