//! Requests that were cancelled.

use super::Inner;

/// A request without a response. If it is dropped in this state, its connections are closed.
///
/// A connection of HTTP/1.1 ends with a cancelled request. One of HTTP/2 stays, and would carry later requests too,
/// even if the connection itself is dead, for example behind a router that has forgotten it.
pub(super) struct Unanswered<'a>(Option<&'a Inner>);

impl<'a> Unanswered<'a> {
    pub(super) const fn new(transport: &'a Inner) -> Self {
        Self(Some(transport))
    }

    /// There is a response, or an error of the connection.
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
