//! Handlers in the scopes of their requests.

use rocket::{
    Data, Request, Route,
    route::{Handler, Outcome},
};

use crate::exchange_slot::ExchangeSlot;

/// Runs the handlers of routes, with their guards, in the scopes of the requests.
///
/// ```
/// use logtide_rocket::scoped;
/// use rocket::{get, routes};
///
/// #[get("/")]
/// fn index() {}
///
/// let rocket = rocket::build().mount("/", scoped(routes![index]));
/// ```
///
/// Does nothing if [`LogTide`](crate::LogTide) is not attached.
pub fn scoped(routes: impl Into<Vec<Route>>) -> Vec<Route> {
    let mut routes = routes.into();
    for route in &mut routes {
        route.handler = Box::new(ScopedHandler(route.handler.clone()));
    }
    routes
}

#[derive(Clone)]
struct ScopedHandler(Box<dyn Handler>);

#[rocket::async_trait]
impl Handler for ScopedHandler {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let slot = ExchangeSlot::of(request);
        let Some(mut exchange) = slot.take() else { return self.0.handle(request, data).await };
        if let Some(route) = request.route() {
            exchange.set_route(route.uri.as_str());
        }
        let handling = exchange.run(|| self.0.handle(request, data));
        let (outcome, exchange) = exchange.handle(handling).await;
        slot.put(exchange);
        outcome
    }
}
