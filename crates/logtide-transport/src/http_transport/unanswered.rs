//! Requests that nobody waits for any more.

use super::Inner;

/// A request that is without an answer. Dropped as such, it gives up the connections.
///
/// A connection of HTTP/1.1 ends with a request that is given up. One of HTTP/2 goes on, and would carry each further request as
/// well, also when it is the connection that is silent: behind a router that has forgotten it, say.
pub(super) struct Unanswered<'a>(Option<&'a Inner>);

impl<'a> Unanswered<'a> {
    pub(super) const fn new(transport: &'a Inner) -> Self {
        Self(Some(transport))
    }

    /// There is an answer, or an error of the connection's own.
    pub(super) fn answered(mut self) {
        self.0 = None;
    }
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(transport) = self.0 {
            transport.forget_connections();
        }
    }
}
