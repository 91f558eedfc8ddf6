//! Storage of an exchange in its request.

use std::sync::{Mutex, MutexGuard, PoisonError};

use logtide_core::Scope;
use logtide_middleware::Exchange;
use rocket::Request;

/// Returns a copy of the scope of a request, for code that runs outside its handler, such as catchers and fairings.
///
/// Empty if [`LogTide`](crate::LogTide) is not attached.
///
/// ```
/// use logtide_client::Client;
/// use rocket::{Request, catch, http::Status};
///
/// #[catch(default)]
/// fn any(status: Status, request: &Request<'_>) -> &'static str {
///     if let Some(client) = request.rocket().state::<Client>() {
///         client.in_scope(logtide_rocket::scope(request), || {
///             client.warn("api", "caught", [("status", status.code)]); // with the trace of the request
///         });
///     }
///     "that did not work"
/// }
/// ```
#[must_use]
pub fn scope(request: &Request<'_>) -> Scope {
    let slot = ExchangeSlot::of(request).lock();
    slot.exchange.as_ref().map_or_else(|| slot.scope.clone(), |exchange| exchange.scope().clone())
}

/// Holds the exchange of a request while it is not in use.
#[derive(Default)]
pub(crate) struct ExchangeSlot(Mutex<Content>);

#[derive(Default)]
struct Content {
    exchange: Option<Exchange>,
    /// The scope at the time the exchange was taken.
    scope: Scope,
}

impl ExchangeSlot {
    pub(crate) fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        request.local_cache(Self::default)
    }

    pub(crate) fn put(&self, exchange: Exchange) {
        self.lock().exchange = Some(exchange);
    }

    pub(crate) fn take(&self) -> Option<Exchange> {
        let mut slot = self.lock();
        let exchange = slot.exchange.take()?;
        slot.scope = exchange.scope().clone();
        Some(exchange)
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
