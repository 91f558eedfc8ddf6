//! Helpers for the tests of programs that log with the SDK, with the feature `testing`.
//!
//! Switch the feature on for tests alone:
//!
//! ```toml
//! [dev-dependencies]
//! logtide = { version = "0.1", features = ["testing"] }
//! ```
//!
//! # What was logged
//!
//! [`capture`] gives a client that sends nothing, and [`Captured`], which has what was logged with it. An assertion that fails prints the entries:
//!
//! ```
//! use logtide::{Level, testing::{self, Pattern}};
//!
//! let (client, captured) = testing::capture();
//! client.info("shop", "order 42 placed", [("total", 12.5)]);
//!
//! assert_eq!(captured.entries()[0].service, "shop");
//! captured.assert_logged("placed");
//! captured.assert_logged(Pattern::new().level(Level::Info).metadata([("total", 12.5)]));
//! captured.assert_not_logged(Level::Error);
//! ```
//!
//! Each test has a client of its own, so tests may run at the same time. The level macros log with the one client of the process instead:
//! give it to [`init_with`](crate::init_with) in a test that runs alone in its process.
//!
//! # A server
//!
//! [`server`] starts a server in the process and gives a client of it, for tests that read back, or of what happens when a server fails:
//!
//! ```
//! use logtide::{QueryOptions, testing::{self, Fault}};
//! use std::time::Duration;
//!
//! let (server, client) = testing::server();
//! server.chaos(Fault::Status(503)).next(1);
//! client.info("shop", "order 42 placed", [("total", 12.5)]);
//! client.flush_blocking(Duration::from_secs(10));
//!
//! assert_eq!(server.stored()[0].message, "order 42 placed");
//! assert_eq!(client.query_blocking(QueryOptions::new().service("shop"))?.logs.len(), 1);
//! # Ok::<(), logtide::QueryError>(())
//! ```
//!
//! In an async test [`flush`](crate::Client::flush) takes the place of `flush_blocking`, and
//! [`when_stored`](DevServer::when_stored) waits for what others log:
//!
//! ```
//! # use std::time::Duration;
//! # async fn example() {
//! let (server, client) = logtide::testing::server();
//! client.info("shop", "order 42 placed", [("total", 12.5)]);
//! client.flush().await;
//! assert!(server.when_stored(1, Duration::from_secs(10)).await);
//! # }
//! ```

mod captured;
mod entry;
mod pattern;

use std::{sync::Arc, time::Duration};

#[doc(no_inline)]
pub use logtide_devserver::{
    Chaos, Database, DevServer, DevServerBuilder, Fault, IngestRequest, IngestRoute, KeyKind, Requests,
    StartError, StoredEntry, StoredSpan, Target,
};
use logtide_transport::Reply;

pub use self::{captured::Captured, pattern::Pattern};
use crate::{Client, ClientOptions, HttpOptions, MemoryTransport};

/// Gives a client that sends nothing, and what is logged with it.
///
/// # Panics
///
/// Never: its options work.
#[must_use]
pub fn capture() -> (Client, Captured) {
    capture_with(|options| options)
}

/// As [`capture`], with other options, such as those of the program under test.
///
/// Entries are as they would be sent: with the scope and global metadata, within the limits, without secrets, and after `before_send` and
/// sampling. What would say how to reach a server has no effect, and neither has a spool: its files stay as they are. Spans are taken and not
/// kept; a [`server`] has them.
///
/// ```
/// use logtide::testing;
///
/// let (client, captured) = testing::capture_with(|options| options.environment("test").sample_rate(0.0));
/// client.info("shop", "order 42 placed", ());
/// captured.assert_empty();
/// ```
///
/// # Panics
///
/// Where the options do not work.
#[must_use]
#[track_caller]
pub fn capture_with(options: impl FnOnce(ClientOptions) -> ClientOptions) -> (Client, Captured) {
    let options = options(ClientOptions::new("http://captured.invalid", "lp_captured").outage_notice(false));
    #[cfg(feature = "otlp")]
    let options = options.wire(crate::Wire::Json);
    // What earlier processes left in its files would count as delivered.
    #[cfg(feature = "spool")]
    let options = options.no_spool();
    let transport = MemoryTransport::responding(|request| match request.method.as_str() {
        "POST" => Reply::status(200),
        _ => Reply::status(404),
    });
    match Client::with_transport(options, Arc::new(transport.clone())) {
        Ok(client) => (client.clone(), Captured::new(client, transport)),
        Err(error) => panic!("the options do not work: {error}"),
    }
}

/// Starts an embedded server on a free port of 127.0.0.1, and gives a client of it that may send and read.
///
/// The client goes first at the end of the test, so it delivers what is left. With the names the other way round the server would be gone by
/// then: keep them in this order.
///
/// # Panics
///
/// Where the system has no port or thread for the server.
#[must_use]
#[track_caller]
pub fn server() -> (DevServer, Client) {
    server_with(|options| options)
}

/// As [`server`], with other options of the client. They begin with the server's address and key.
///
/// ```
/// use logtide::testing;
///
/// let (server, client) = testing::server_with(|options| options.environment("test"));
/// client.info("shop", "order 42 placed", ());
/// drop(client); // delivers
/// assert_eq!(server.stored()[0].metadata.as_ref().unwrap()["environment"], "test");
/// ```
///
/// # Panics
///
/// As [`server`], and where the options do not work.
#[must_use]
#[track_caller]
pub fn server_with(options: impl FnOnce(ClientOptions) -> ClientOptions) -> (DevServer, Client) {
    let server = match DevServer::start() {
        Ok(server) => server,
        Err(error) => panic!("the embedded server does not start: {error}"),
    };
    let given = ClientOptions::new(server.url(), server.api_key())
        .retry_delay(Duration::from_millis(10))
        .outage_notice(false)
        // The environment's proxies are for other hosts.
        .http(HttpOptions::new().no_proxy());
    match Client::new(options(given)) {
        Ok(client) => (server, client),
        Err(error) => panic!("the options do not work: {error}"),
    }
}
