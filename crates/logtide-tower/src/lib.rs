//! LogTide for [tower]: [`ServerLayer`] logs the requests that a server handles, [`ClientLayer`] propagates traces to
//! other servers.
//!
//! # Servers
//!
//! The layer works with every service of [`http::Request`] and [`http::Response`]: axum, hyper, tonic. With the feature
//! `axum` it logs the route of each request, such as `/users/{id}`.
//!
//! ```no_run
//! use axum::{Router, extract::Path, routing::get};
//! use logtide_client::{Client, ClientOptions};
//! use logtide_tower::{Options, ServerLayer};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(ClientOptions::new("http://localhost:8080", "lp_your_key").service("api"))?;
//! let log = client.clone();
//! let user = get(async move |Path(id): Path<u64>| {
//!     log.info("api", "looking the user up", [("user", id)]); // with the trace of the request
//!     format!("user {id}")
//! });
//! let app = Router::new()
//!     .route("/users/{id}", user)
//!     .layer(ServerLayer::with_options(client.clone(), Options::new().capture_headers(["x-request-id"])));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//! let stop = async { tokio::signal::ctrl_c().await.expect("there is a handler for Ctrl-C") };
//! axum::serve(listener, app).with_graceful_shutdown(stop).await?;
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
//! | the service or the body fails, or the body is shorter than announced | error | `Request error: connection lost` |
//! | the handler panics; the panic is resumed | error | `Request error: panicked: index out of bounds` |
//! | the client disconnects before | warn | `GET /users/7 cancelled (12ms)` |
//! | the client ends an event stream | info | `GET /events closed (60000ms)` |
//!
//! The metadata are `method`, `path`, `status`, `duration_ms`, and `route` if known. Entries that are logged while the
//! request is handled belong to its trace. The trace is that of its `traceparent`, otherwise of its `X-Trace-ID`,
//! otherwise a new one. A `tracing` span around the server, such as that of a connection, does not change it; spans
//! that the handler enters are part of the trace. The handler can change the
//! [scope](logtide_client::Client::configure_scope), and its changes appear in the final entry.
//!
//! Tasks and threads that the handler starts have no scope. For `tokio::spawn`, wrap the future with
//! [`in_current_scope`](logtide_client::InScope::in_current_scope). For `spawn_blocking` or a thread, pass
//! [`Client::current_scope`](logtide_client::Client::current_scope) to it and run its work in
//! [`Client::in_scope`](logtide_client::Client::in_scope).
//!
//! Some layers run each request in its own span, such as those for OpenTelemetry. To use such a layer, set
//! [`Options::use_active_span`] and place this layer inside it. The request then has the trace and the id of that span,
//! like its entries in the other system. The subscriber needs the layer of `logtide-tracing` with the feature
//! `opentelemetry`.
//!
//! Place this layer outside the others, which in axum means adding it last, so that it sees their effects. A layer
//! outside this one sees the same errors and panics as without it.
//!
//! A panic is one exception with its location and frames. If the client has a
//! [panic hook](logtide_client::Client::install_panic_hook), the exception is in the hook's critical entry, which has
//! the same trace. The entry of the request then has only the location. To get these, the layer
//! [watches the panics](logtide_client::integration::Integration::watch_panics) of the process.
//!
//! A gRPC response has status 200 even if the call fails. Its `grpc-status`, which follows the body, is therefore
//! logged as `grpc_status` and determines the level. The level is error if the server failed: 2 `UNKNOWN`, 4
//! `DEADLINE_EXCEEDED`, 12 `UNIMPLEMENTED`, 13 `INTERNAL`, 14 `UNAVAILABLE`, 15 `DATA_LOSS`. It is warn for any other
//! status except 0. The message stays `POST /shop.Orders/Place 200 (45ms)`. In gRPC-Web the status is part of the body,
//! which is not parsed.
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
//! Shut the server down gracefully, then close the client as above. Responses in progress are then logged, and
//! everything that was logged is delivered. A server that is stopped during requests logs them as cancelled when they
//! are dropped. A killed process delivers nothing more.
//!
//! # Clients
//!
//! [`ClientLayer`] adds a `traceparent` to the requests of a tower client, together with the `tracestate` and `baggage`
//! of the request that is being handled. With the feature `otlp`, `ClientLayer::spans` makes each of them a span. Other
//! HTTP clients need one line of code, as here with reqwest:
//!
//! ```no_run
//! # async fn ask(client: logtide_client::Client, http: reqwest::Client) -> reqwest::Result<()> {
//! let mut request = http.get("http://localhost:4000/users").build()?;
//! client.inject_trace(request.headers_mut());
//! let response = http.execute(request).await?;
//! # drop(response);
//! # Ok(())
//! # }
//! ```
//!
//! [tower]: https://docs.rs/tower

#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
mod failure;
mod server;
mod version;

#[cfg(feature = "otlp")]
pub use self::client::{ClientSpanFuture, ClientSpanLayer, ClientSpanService};
pub use self::{
    client::{ClientLayer, ClientService},
    server::{ResponseBody, ResponseFuture, ServerLayer, ServerService},
};
pub use logtide_middleware::{Options, RequestTarget};
#[cfg(feature = "otlp")]
pub use logtide_middleware::{OutgoingRequest, PathName};
