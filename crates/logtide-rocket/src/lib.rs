//! LogTide for [Rocket](https://rocket.rs): the fairing [`LogTide`] logs requests, and [`scoped`] routes log with their trace.
//!
//! ```no_run
//! use logtide_client::{Client, ClientOptions};
//! use logtide_rocket::{LogTide, scoped};
//! use rocket::{State, get, routes};
//!
//! #[get("/users/<id>")]
//! fn user(id: u64, log: &State<Client>) -> String {
//!     log.info("api", "looking the user up", [("user", id)]); // with the trace of the request
//!     format!("user {id}")
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(ClientOptions::new("http://localhost:8080", "lp_your_key").service("api"))?;
//! rocket::build()
//!     .attach(LogTide::new(client.clone()))
//!     .manage(client.clone())
//!     .mount("/", scoped(routes![user]))
//!     .launch()
//!     .await?; // until Ctrl-C or SIGTERM
//! client.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! Each request has one entry when it arrives and one when it ends:
//!
//! | what happens | level | message |
//! |---|---|---|
//! | a request arrives | info | `GET /users/7` |
//! | its response was sent, to the last byte of its body | info; warn from 400, error from 500 | `GET /users/7 200 (45ms)` |
//! | the body fails, or ends before its announced length | error | `Request error: connection lost` |
//! | a [`scoped`] handler panics; Rocket answers with 500 | error | `Request error: panicked: index out of bounds` |
//! | a connection is upgraded, as for a WebSocket | info | `GET /chat 101 (2ms)` |
//! | the client goes in the middle of a body | warn | `GET /users/7 cancelled (12ms)` |
//! | the client leaves an event stream | info | `GET /events closed (60000ms)` |
//!
//! Metadata are `method`, `path`, `status`, `duration_ms`, and `route` where one matched. The trace is that of the request's `traceparent`,
//! else of its `X-Trace-ID`, else a new one, whatever span of `tracing` is around the server.
//!
//! A panic is one exception with its place and frames. Where the client has a
//! [panic hook](logtide_client::Client::install_panic_hook), the exception is in that one's critical entry, of the same trace, and the
//! entry of the request has the place alone. The fairing [watches the panics](logtide_client::integration::Integration::watch_panics) of the process for
//! that.
//!
//! With the feature `otlp` and `Options::spans`, each request is a span as well.
//!
//! # What can be set
//!
//! | for | set |
//! |---|---|
//! | paths that hold a secret, such as a token | [`Options::path_name`] |
//! | a server that anyone can send requests to | [`Options::trust_incoming_traces`]`(false)`: a trace of its own for each request |
//! | one entry a request | [`Options::log_requests`]`(false)` |
//! | clients that often leave early | [`Options::cancelled_level`]; event streams are no warning in any case |
//! | health checks under other paths | [`Options::skip_also`] |
//! | headers, addresses, query strings | [`Options::capture_headers`], [`Options::client_ip`], [`Options::query_string`] |
//!
//! # Before the program ends
//!
//! Await `launch`, which lets requests end once the server is told to stop, then close the client, as above: what was logged is
//! delivered. The requests that outlast Rocket's grace and mercy periods are cut off.
//!
//! # What Rocket does not allow
//!
//! - A fairing stands beside a handler, not around it, so it cannot put the handler into the scope of its request. [`scoped`] does: it wraps
//!   the handlers of the routes, with their guards. What a handler logs that is mounted without it has no trace.
//! - A task or thread that a handler starts is in no scope: a future for `tokio::spawn` takes it along with
//!   [`in_current_scope`](logtide_client::InScope::in_current_scope), and work for `spawn_blocking` or a thread with
//!   [`Client::current_scope`](logtide_client::Client::current_scope), which the other side hands to
//!   [`Client::in_scope`](logtide_client::Client::in_scope).
//! - The route of a request is not known when it arrives: the first entry has none, and [`Options::path_name`] sees none for it.
//! - Catchers and other fairings run outside of handlers. They get the scope with [`scope`].
//! - The error of a handler is a status by the time that a fairing sees it: its entry is `GET /users/7 500 (45ms)`. That of a panic
//!   in a handler that is not `scoped` is the same.
//! - What serves an upgraded connection runs after the request, outside of its scope.
//! - A handler runs to its end when the client has gone. So a request counts as cancelled only while Rocket reads the body of its
//!   response. A body that is read to its end, or of known size and not read at all, as in the answer to `HEAD`, counts as sent.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod exchange_slot;
mod fairing;
mod fields;
mod scoped;
mod stream;

pub use logtide_middleware::{Options, RequestTarget};

pub use self::{exchange_slot::scope, fairing::LogTide, scoped::scoped};
