//! LogTide for [Rocket](https://rocket.rs): the fairing [`LogTide`] logs requests, and handlers of [`scoped`] routes
//! log in their trace.
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
//! | event | level | message |
//! |---|---|---|
//! | a request arrives | info | `GET /users/7` |
//! | its whole response was sent | info; warn from 400, error from 500 | `GET /users/7 200 (45ms)` |
//! | the body fails or is shorter than announced | error | `Request error: connection lost` |
//! | a [`scoped`] handler panics; Rocket responds with 500 | error | `Request error: panicked: index out of bounds` |
//! | a connection is upgraded, as for a WebSocket | info | `GET /chat 101 (2ms)` |
//! | the client disconnects during the body | warn | `GET /users/7 cancelled (12ms)` |
//! | the client ends an event stream | info | `GET /events closed (60000ms)` |
//!
//! The metadata are `method`, `path`, `status`, `duration_ms`, and `route` if one matched. The trace is that of the
//! request's `traceparent`, otherwise of its `X-Trace-ID`, otherwise a new one. A `tracing` span around the server does
//! not change it.
//!
//! A panic is one exception with its location and frames. If the client has a
//! [panic hook](logtide_client::Client::install_panic_hook), the exception is in the hook's critical entry, which has
//! the same trace. The entry of the request then has only the location. To get these, the fairing
//! [watches the panics](logtide_client::integration::Integration::watch_panics) of the process.
//!
//! With the feature `otlp` and `Options::spans`, each request is also a span.
//!
//! # Options
//!
//! | purpose | option |
//! |---|---|
//! | paths that contain a secret, such as a token | [`Options::path_name`] |
//! | a server that accepts requests from anyone | [`Options::trust_incoming_traces`]`(false)`: each request starts a new trace |
//! | one entry per request | [`Options::log_requests`]`(false)` |
//! | clients that often disconnect early | [`Options::cancelled_level`]; event streams never cause a warning |
//! | health checks under other paths | [`Options::also_skip`] |
//! | headers, addresses, query strings | [`Options::capture_headers`], [`Options::client_ip`], [`Options::query_string`] |
//!
//! # Shutting down
//!
//! Await `launch`, which completes the requests when the server is told to stop, then close the client as above. This
//! delivers everything that was logged. Requests that exceed Rocket's grace and mercy periods are aborted.
//!
//! # Limitations
//!
//! - A fairing does not wrap handlers, so it cannot run a handler in the scope of its request. [`scoped`] does: it
//!   wraps the handlers of routes together with their guards. Entries of handlers that are mounted without it have no
//!   trace.
//! - Tasks and threads that a handler starts have no scope. For `tokio::spawn`, wrap the future with
//!   [`in_current_scope`](logtide_client::InScope::in_current_scope). For `spawn_blocking` or a thread, pass
//!   [`Client::current_scope`](logtide_client::Client::current_scope) to it and run its work in
//!   [`Client::in_scope`](logtide_client::Client::in_scope).
//! - The route of a request is not known when it arrives: the first entry has none, and [`Options::path_name`] receives
//!   none for it.
//! - Catchers and other fairings run outside handlers. They get the scope with [`scope`].
//! - A fairing sees only the status of a handler's error: the entry is `GET /users/7 500 (45ms)`. The same applies to a
//!   panic in a handler that is not `scoped`.
//! - The handler of an upgraded connection runs after the request, outside its scope.
//! - A handler runs to its end even if the client disconnects. A request therefore counts as cancelled only while
//!   Rocket reads the body of its response. A body that was read to its end counts as sent. So does a body of known
//!   size that is not read, as in the response to `HEAD`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod exchange_slot;
mod fairing;
mod fields;
mod scoped;
mod stream;

pub use logtide_middleware::{Options, RequestTarget};

pub use self::{exchange_slot::scope, fairing::LogTide, scoped::scoped};
