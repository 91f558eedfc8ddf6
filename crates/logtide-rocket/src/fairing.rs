//! The fairing.

use logtide_client::Client;
use logtide_middleware::{AccessLog, Options, RequestHead};
use rocket::{
    Data, Request, Response,
    fairing::{Fairing, Info, Kind},
    http::Status,
};

use crate::{exchange_slot::ExchangeSlot, fields::HeaderFields, stream::Stream};

/// Logs the requests that a server handles. The [crate documentation](crate) describes what is logged.
///
/// Rocket runs fairings in the order in which they were attached, on requests and on responses. Attach fairings that
/// change responses before this one, which logs the response as it finds it. Attach fairings that use the request's
/// [`scope`](crate::scope) on requests after this one, which creates the scope.
#[derive(Clone, Debug)]
pub struct LogTide(AccessLog);

impl LogTide {
    /// Logs with a client and the default [`Options`].
    pub fn new(client: Client) -> Self {
        Self::with_options(client, Options::new())
    }

    /// Logs with a client and the given options.
    pub fn with_options(client: Client, options: Options) -> Self {
        Self(AccessLog::new(client, options))
    }
}

#[rocket::async_trait]
impl Fairing for LogTide {
    fn info(&self) -> Info {
        Info { name: "LogTide", kind: Kind::Request | Kind::Response | Kind::Singleton }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        let headers = HeaderFields(request.headers());
        let head = RequestHead::new(request.method().as_str(), request.uri().path().as_str(), &headers)
            .query(request.uri().query().map(|query| query.as_str()))
            .client_ip(request.remote().map(|address| address.ip()))
            .scheme(Some(if request.rocket().config().tls_enabled() { "https" } else { "http" }));
        ExchangeSlot::of(request).put(self.0.begin(&head));
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        // There is no exchange if the handler has panicked, which is already logged.
        let Some(mut exchange) = ExchangeSlot::of(request).take() else { return };
        if let Some(route) = request.route() {
            exchange.set_route(route.uri.as_str());
        }
        let status =
            if wants_upgrade(request, response) { Status::SwitchingProtocols } else { response.status() };
        let size = response.body_mut().size().await.map(|size| size as u64);
        if size.is_some_and(|size| size > 0) {
            // Rocket sends the size of the body, whatever the header says.
            response.remove_header("content-length");
        }
        let transfer = exchange.respond(status.code, &HeaderFields(response.headers()), size);
        if !transfer.has_ended() {
            Stream::wrap(response, transfer, size);
        }
    }
}

/// Whether Rocket will upgrade the connection, for which it changes the response later. It upgrades to the first
/// protocol that the request names and the response has a handler for.
fn wants_upgrade(request: &Request<'_>, response: &mut Response<'_>) -> bool {
    let mut protocols = request.headers().get("upgrade").flat_map(|value| value.split(','));
    protocols.any(|protocol| response.upgrade(protocol.trim()).is_some())
}
