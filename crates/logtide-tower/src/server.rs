//! Incoming requests.

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

/// Logs the requests that a service handles, each in its own scope. The [crate documentation](crate) describes what is
/// logged.
///
/// The layer passes the errors of the service and the body on unchanged. To be logged, they must implement `Debug` and
/// `Display`. Their causes are logged for a [`Box<dyn Error + Send + Sync>`](std::error::Error), an
/// [`io::Error`](std::io::Error) and, with the feature `axum`, an `axum::Error`. For other types, which need not be
/// errors, only the text is logged. To log their causes too, box the error first, for example with tower's
/// `map_err(BoxError::from)`.
#[derive(Clone, Debug)]
pub struct ServerLayer {
    log: AccessLog,
    lookup: Lookup,
}

impl ServerLayer {
    /// Logs with a client and the default [`Options`].
    pub fn new(client: Client) -> Self {
        Self::with_options(client, Options::new())
    }

    /// Logs with a client and the given options.
    pub fn with_options(client: Client, options: Options) -> Self {
        Self { log: AccessLog::new(client, options), lookup: Lookup::default() }
    }

    /// Sets a function that finds the route of a request, such as `/users/{id}`, in its extensions.
    ///
    /// Default: axum's matched path with the feature `axum`, otherwise none.
    #[must_use]
    pub fn route(mut self, find: impl Fn(&Extensions) -> Option<String> + Send + Sync + 'static) -> Self {
        self.lookup.set_route(find);
        self
    }

    /// Sets a function that finds the client's address in a request's extensions. The address is logged only with
    /// [`Options::client_ip`].
    ///
    /// Default: axum's connection info, with the feature `axum` and
    /// `into_make_service_with_connect_info::<SocketAddr>()`, otherwise none.
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
