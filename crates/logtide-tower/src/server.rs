//! Requests that come in.

mod body;
mod future;
mod lookup;
mod service;

use std::net::IpAddr;

use http::Extensions;
use logtide_client::Client;
use logtide_middleware::{AccessLog, Options};
use tower_layer::Layer;

use self::lookup::Lookup;
pub use self::{body::ResponseBody, future::ResponseFuture, service::ServerService};

/// Logs the requests that a service handles, each in a scope of its own. See the [crate documentation](crate) for what is logged.
///
/// The service's error and the body's error stay what they are. They are logged, for which they have to be `Debug` and `Display`. Their
/// causes are logged where they are a [`Box<dyn Error + Send + Sync>`](std::error::Error), an [`io::Error`](std::io::Error) or, with the
/// feature `axum`, an `axum::Error`. Of other types, which need not be errors, the text alone is known: a service that is to have the
/// causes logged boxes its error first, for example with tower's `map_err(BoxError::from)`.
#[derive(Clone, Debug)]
pub struct ServerLayer {
    log: AccessLog,
    lookup: Lookup,
}

impl ServerLayer {
    /// Logs with a client, by the default [`Options`].
    pub fn new(client: Client) -> Self {
        Self::with_options(client, Options::new())
    }

    /// Logs with a client.
    pub fn with_options(client: Client, options: Options) -> Self {
        Self { log: AccessLog::new(client, options), lookup: Lookup::default() }
    }

    /// Sets how the route of a request, such as `/users/{id}`, is found among its extensions.
    ///
    /// Default: what axum says, with the feature `axum`, else none.
    #[must_use]
    pub fn route(mut self, find: impl Fn(&Extensions) -> Option<String> + Send + Sync + 'static) -> Self {
        self.lookup.set_route(find);
        self
    }

    /// Sets how the address of a request's client is found among its extensions. It is logged only with
    /// [`Options::client_ip`].
    ///
    /// Default: what axum says, with the feature `axum` and
    /// `into_make_service_with_connect_info::<SocketAddr>()`, else none.
    #[must_use]
    pub fn client_ip(mut self, find: impl Fn(&Extensions) -> Option<IpAddr> + Send + Sync + 'static) -> Self {
        self.lookup.set_client_ip(find);
        self
    }
}

impl<S> Layer<S> for ServerLayer {
    type Service = ServerService<S>;

    fn layer(&self, inner: S) -> ServerService<S> {
        ServerService::new(self.log.clone(), self.lookup.clone(), inner)
    }
}
