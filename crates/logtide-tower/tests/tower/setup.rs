//! A service without a network, and its logged entries.

use http::{Request, Response};
use http_body_util::Empty;
use logtide_client::Client;
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
    spans::{self, SentSpan},
};
use logtide_tower::{ServerLayer, ServerService};
use logtide_transport::MemoryTransport;
use serde_json::Value;
use tower::Layer as _;

pub(crate) const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
pub(crate) const SPAN: &str = "00f067aa0ba902b7";

pub(crate) struct Logged {
    transport: MemoryTransport,
    pub(crate) client: Client,
}

impl Logged {
    pub(crate) fn new() -> Self {
        let transport = MemoryTransport::new();
        let client = memory_client(&transport, options("http://localhost"));
        Self { transport, client }
    }

    /// Wraps a service so that its requests are logged.
    pub(crate) fn layer<S>(&self, service: S) -> ServerService<S> {
        ServerLayer::new(self.client.clone()).layer(service)
    }

    /// The logged entries, in order.
    pub(crate) fn entries(&self) -> Vec<Value> {
        assert!(self.client.flush_blocking(TIMEOUT).is_complete());
        let requests = self.transport.requests();
        let of_entries = requests.iter().filter(|request| request.uri.path() != spans::PATH);
        of_entries.flat_map(|request| entries::of_body(&request.body)).collect()
    }

    /// The ended spans, in order.
    pub(crate) fn spans(&self) -> Vec<SentSpan> {
        assert!(self.client.flush_blocking(TIMEOUT).is_complete());
        spans::sent(&self.transport)
    }

    /// The final entry of the request, after its first one.
    pub(crate) fn ending(&self) -> Value {
        let mut entries = self.entries();
        assert_eq!(entries.len(), 2, "{entries:#?}");
        entries.pop().unwrap()
    }
}

/// A request for `/` with a trace.
pub(crate) fn request() -> Request<Empty<&'static [u8]>> {
    let parent = format!("00-{TRACE}-{SPAN}-01");
    Request::get("/").header("traceparent", parent).body(Empty::new()).unwrap()
}

pub(crate) fn answer<B>(body: B) -> Response<B> {
    Response::new(body)
}
