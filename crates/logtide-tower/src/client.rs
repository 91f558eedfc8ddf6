//! Outgoing requests.

#[cfg(feature = "otlp")]
mod spans;

use std::task::{Context, Poll};

use http::Request;
use logtide_client::Client;
use tower_layer::Layer;
use tower_service::Service;

#[cfg(feature = "otlp")]
pub use self::spans::{ClientSpanFuture, ClientSpanLayer, ClientSpanService};

/// Adds the current trace's `traceparent` to outgoing requests, and the `tracestate` and `baggage` of the request that
/// is being handled.
///
/// The trace is that of the scope in which the request is sent. An existing `traceparent` is kept. Without a trace,
/// nothing is added.
///
/// ```
/// # fn wrap<S>(client: logtide_client::Client, http: S) {
/// use tower::ServiceBuilder;
///
/// let http = ServiceBuilder::new().layer(logtide_tower::ClientLayer::new(client)).service(http);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ClientLayer(Client);

impl ClientLayer {
    /// Takes the trace from the scope, otherwise from the client.
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// Also makes each request a span of kind client.
    #[cfg(feature = "otlp")]
    #[must_use]
    pub fn spans(self) -> ClientSpanLayer {
        ClientSpanLayer::new(self.0)
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = ClientService<S>;

    fn layer(&self, inner: S) -> ClientService<S> {
        ClientService { client: self.0.clone(), inner }
    }
}

/// A service that propagates traces. Created by [`ClientLayer`].
#[derive(Clone, Debug)]
pub struct ClientService<S> {
    client: Client,
    inner: S,
}

impl<S, B> Service<Request<B>> for ClientService<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        self.client.inject_trace(request.headers_mut());
        self.inner.call(request)
    }
}
