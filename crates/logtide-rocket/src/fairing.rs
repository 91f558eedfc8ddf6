//! The fairing that logs.

use logtide_client::Client;
use logtide_middleware::{AccessLog, Options, RequestHead};
use rocket::{
    Data, Request, Response,
    fairing::{Fairing, Info, Kind},
};

use crate::{exchange_slot::ExchangeSlot, fields::HeaderFields, stream::Stream};

/// Logs the requests that a server handles. See the [crate documentation](crate) for what is logged.
///
/// Attached before others, so that what they log on a request belongs to it.
#[derive(Clone, Debug)]
pub struct LogTide(AccessLog);

impl LogTide {
    /// Logs with a client, by the default [`Options`].
    pub fn new(client: impl Into<Client>) -> Self {
        Self::with_options(client, Options::new())
    }

    /// Logs with a client.
    pub fn with_options(client: impl Into<Client>, options: Options) -> Self {
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
            .client_ip(request.remote().map(|address| address.ip()));
        ExchangeSlot::of(request).put(self.0.begin(&head));
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        // Without an exchange the handler has panicked, and that is logged.
        let Some(mut exchange) = ExchangeSlot::of(request).take() else { return };
        if let Some(route) = request.route() {
            exchange.set_route(route.uri.as_str());
        }
        let status = response.status().code;
        // A body of known size lies in memory or a file: there is nothing to wait for.
        let size = response.body_mut().size().await.map(|_| 0);
        let transfer = exchange.respond(status, &HeaderFields(response.headers()), size);
        if !transfer.has_ended() {
            Stream::wrap(response, transfer);
        }
    }
}
