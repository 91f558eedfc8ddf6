//! A client without a network.

use std::{sync::Arc, time::Duration};

use logtide_core::ApiKey;
use logtide_query::{LogRecord, QueryClient};
use logtide_transport::{Driver, Endpoint, MemoryTransport, RecordedRequest, Reply};

pub(crate) const KEY: &str = "lp_secret";

/// The address that every request is appended to.
pub(crate) const BASE: &str = "http://logs.example/logtide";

/// Longer than anything takes that works.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) fn client(transport: &MemoryTransport) -> QueryClient {
    client_on(&Driver::new(), transport)
}

/// A client whose clock stands still, and jumps to the next moment that something waits for.
pub(crate) fn client_with_paused_clock(transport: &MemoryTransport) -> QueryClient {
    let driver = Driver::new();
    driver.run_blocking(TIMEOUT, async { tokio::time::pause() }).unwrap();
    client_on(&driver, transport)
}

/// A client whose every call gets `reply`.
pub(crate) fn answered(reply: impl Fn() -> Reply + Send + Sync + 'static) -> (QueryClient, MemoryTransport) {
    let transport = MemoryTransport::responding(move |_| reply());
    (client(&transport), transport)
}

/// A client whose calls get the JSON that belongs to their path, without the base and the parameters.
pub(crate) fn routed(
    body: impl Fn(&str) -> String + Send + Sync + 'static,
) -> (QueryClient, MemoryTransport) {
    let transport = MemoryTransport::responding(move |request| {
        let path = request.uri.path().trim_start_matches("/logtide/api/v1/");
        Reply::json(body(path))
    });
    (client(&transport), transport)
}

/// The paths and parameters of all requests, without the base and sorted.
pub(crate) fn paths(transport: &MemoryTransport) -> Vec<String> {
    let path = |request: RecordedRequest| request.uri.to_string().replace(BASE, "").replace("/api/v1/", "");
    let mut paths: Vec<String> = transport.requests().into_iter().map(path).collect();
    paths.sort();
    paths
}

/// The value of a parameter of a request.
pub(crate) fn parameter(request: &RecordedRequest, name: &str) -> Option<String> {
    let mut pairs = request.uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

pub(crate) fn ids(records: &[LogRecord]) -> Vec<&str> {
    records.iter().map(|record| record.id.as_str()).collect()
}

fn client_on(driver: &Driver, transport: &MemoryTransport) -> QueryClient {
    let endpoint = Endpoint::new(BASE, ApiKey::new(KEY)).unwrap();
    QueryClient::new(endpoint, Arc::new(transport.clone()), driver.clone())
}
