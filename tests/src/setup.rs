//! Clients ready to use.

use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

use logtide_client::{Client, ClientOptions, Wire};
use logtide_devserver::DevServer;
use logtide_transport::{HttpOptions, MemoryTransport};

/// A deadline for what must happen soon, and takes longer on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Far longer than any test: an interval that never comes.
pub const NEVER: Duration = Duration::from_secs(3_600);

/// Options for a server under test: nothing leaves before a batch is full or a flush, and retries come soon.
#[must_use]
pub fn options(api_url: &str) -> ClientOptions {
    options_with_key(api_url, "lp_k")
}

/// Options for an embedded server, otherwise as [`options`].
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

/// The wire that tests send over: with `LOGTIDE_TEST_WIRE=otlp` in the environment OTLP, so that the same tests show both.
#[must_use]
pub fn wire() -> Wire {
    match env::var("LOGTIDE_TEST_WIRE") {
        Ok(name) if name == "otlp" => Wire::Otlp,
        _ => Wire::Json,
    }
}

/// Makes a client.
///
/// # Panics
///
/// Where the options do not work.
#[must_use]
pub fn client(options: ClientOptions) -> Client {
    Client::new(options).expect("the options work")
}

/// Makes a client that sends to memory.
///
/// # Panics
///
/// Where the options do not work.
#[must_use]
pub fn memory_client(transport: &MemoryTransport, options: ClientOptions) -> Client {
    Client::with_transport(options, Arc::new(transport.clone())).expect("the options work")
}

/// Looks again and again until something holds, which no event tells.
///
/// # Panics
///
/// Where it does not hold within [`PATIENCE`].
pub fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(1));
    }
}
