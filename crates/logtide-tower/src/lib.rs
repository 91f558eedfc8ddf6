//! LogTide for [tower]: [`ServerLayer`] logs the requests that a server handles, [`ClientLayer`] passes traces on to other servers.
//!
//! # Servers
//!
//! The layer fits any service of [`http::Request`] and [`http::Response`]: axum, hyper, tonic. With the feature `axum` it knows the
//! route of each request, such as `/users/{id}`.
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
//! | what happens | level | message |
//! |---|---|---|
//! | a request arrives | info | `GET /users/7` |
//! | its response was sent, to the last byte of its body | info; warn from 400, error from 500 | `GET /users/7 200 (45ms)` |
//! | the service or the body fails, or the body ends before its announced length | error | `Request error: connection lost` |
//! | the handler panics; the panic goes on | error | `Request error: panicked: index out of bounds` |
//! | the client goes before that | warn | `GET /users/7 cancelled (12ms)` |
//! | the client leaves an event stream | info | `GET /events closed (60000ms)` |
//!
//! Metadata are `method`, `path`, `status`, `duration_ms`, and `route` where it is known. Every entry that is logged while the request
//! is handled has its trace: that of its `traceparent`, else of its `X-Trace-ID`, else a new one. A span of `tracing` around the server,
//! such as that of a connection, does not change that; spans that the handler enters are part of the trace. The handler may change the
//! [scope](logtide_client::Client::configure_scope), and its response's entry has what it set.
//!
//! A task or thread that the handler starts is in no scope: a future for `tokio::spawn` takes it along with
//! [`in_current_scope`](logtide_client::InScope::in_current_scope), and work for `spawn_blocking` or a thread with
//! [`Client::current_scope`](logtide_client::Client::current_scope), which the other side hands to
//! [`Client::in_scope`](logtide_client::Client::in_scope).
//!
//! Beside a layer that puts each request into a span of its own, as those for OpenTelemetry do, set
//! [`Options::trace_of_span`] and put this layer inside of that one: the request then has the trace and the id of that span, as its
//! entries in the other system have. It takes the layer of `logtide-tracing`, with the feature `opentelemetry`, in the subscriber.
//!
//! Of several layers it belongs outside, which in axum means last: it then logs what the others make of a request. A layer outside of
//! this one sees the same errors and panics as without it.
//!
//! A panic is one exception with its place and frames. Where the client has a
//! [panic hook](logtide_client::Client::install_panic_hook), the exception is in that one's critical entry, of the same trace, and the
//! entry of the request has the place alone. The layer [watches the panics](logtide_client::integration::Integration::watch_panics) of the process for
//! that.
//!
//! A gRPC call is answered with status 200, whatever comes of it. So its `grpc-status`, which follows the body, is logged as
//! `grpc_status` and gives the level: error where the server failed (2 `UNKNOWN`, 4 `DEADLINE_EXCEEDED`, 12 `UNIMPLEMENTED`, 13 `INTERNAL`,
//! 14 `UNAVAILABLE`, 15 `DATA_LOSS`), warn for any other but 0. The message stays `POST /shop.Orders/Place 200 (45ms)`. In gRPC-Web the
//! status is part of the body, where it is not looked for.
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
//! Shut the server down gracefully, then close the client, as above: the responses that are still on their way are logged, and what was
//! logged is delivered. A server that is stopped in the middle of its requests logs them as cancelled when they are dropped, and a process
//! that is killed delivers nothing more.
//!
//! # Clients
//!
//! [`ClientLayer`] adds a `traceparent` to requests that a tower client sends, and with it the `tracestate` and `baggage` of the request that is
//! being handled. With the feature `otlp`, `ClientLayer::spans` makes each of them a span. A client that is no tower service does it with one line
//! of its own, here reqwest:
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
