//! Clients for tests.

use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

use logtide_client::{Client, ClientOptions, Wire};
use logtide_devserver::DevServer;
use logtide_transport::{HttpOptions, MemoryTransport};

/// A deadline that leaves enough time on a loaded machine.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// Far longer than any test: an interval that never elapses.
pub const NEVER: Duration = Duration::from_secs(3_600);

/// Options for a server under test: nothing is sent before a batch is full or a flush, and retries are quick.
#[must_use]
pub fn options(api_url: &str) -> ClientOptions {
    options_with_key(api_url, "lp_k")
}

/// Options for an embedded server, otherwise like [`options`].
#[must_use]
pub fn options_for(server: &DevServer) -> ClientOptions {
    options_with_key(server.url(), server.api_key())
}

fn options_with_key(api_url: &str, key: &str) -> ClientOptions {
    ClientOptions::new(api_url, key)
        .wire(wire())
        .flush_interval(NEVER)
        .retry_delay(Duration::from_millis(1))
        .http(HttpOptions::new().no_proxy())
}

/// The wire of the tests: OTLP with `LOGTIDE_TEST_WIRE=otlp` in the environment, so that the same tests check both.
#[must_use]
pub fn wire() -> Wire {
    match env::var("LOGTIDE_TEST_WIRE") {
        Ok(name) if name == "otlp" => Wire::Otlp,
        _ => Wire::Json,
    }
}

/// Creates a client.
///
/// # Panics
///
/// If the options are invalid.
#[must_use]
pub fn client(options: ClientOptions) -> Client {
    Client::new(options).expect("the options work")
}

/// Creates a client that sends to memory.
///
/// # Panics
///
/// If the options are invalid.
#[must_use]
pub fn memory_client(transport: &MemoryTransport, options: ClientOptions) -> Client {
    Client::with_transport(options, Arc::new(transport.clone())).expect("the options work")
}

/// Polls until a condition holds that no event reports.
///
/// # Panics
///
/// If it does not hold within [`TIMEOUT`].
pub fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + TIMEOUT;
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(1));
    }
}
