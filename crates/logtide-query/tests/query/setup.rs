//! A client without a network.

use std::sync::Arc;

use logtide_core::ApiKey;
use logtide_query::QueryClient;
use logtide_transport::{Driver, Endpoint, MemoryTransport, Reply};

pub(crate) const KEY: &str = "lp_secret";

pub(crate) fn client(transport: &MemoryTransport) -> QueryClient {
    let endpoint = Endpoint::new("http://logs.example/logtide", ApiKey::new(KEY)).unwrap();
    QueryClient::new(endpoint, Arc::new(transport.clone()), Driver::new())
}

/// A client whose every call gets `reply`.
pub(crate) fn answered(reply: impl Fn() -> Reply + Send + Sync + 'static) -> (QueryClient, MemoryTransport) {
    let transport = MemoryTransport::responding(move |_| reply());
    (client(&transport), transport)
}
