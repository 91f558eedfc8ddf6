//! LogTide for [actix-web](https://actix.rs): [`LogTide`] logs the requests that a server handles.
//!
//! ```no_run
//! use actix_web::{App, HttpServer, web};
//! use logtide_actix::LogTide;
//! use logtide_client::{Client, ClientOptions};
//!
//! async fn user(log: web::Data<Client>, id: web::Path<u64>) -> String {
//!     log.info("api", "looking the user up", [("user", *id)]); // with the trace of the request
//!     format!("user {id}")
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(ClientOptions::new("http://localhost:8080", "lp_your_key").service("api"))?;
//! let log = client.clone();
//! let app = move || {
//!     App::new()
//!         .wrap(LogTide::new(log.clone()))
//!         .app_data(web::Data::new(log.clone()))
//!         .route("/users/{id}", web::get().to(user))
//! };
//! HttpServer::new(app).bind(("127.0.0.1", 3000))?.run().await?; // until Ctrl-C or SIGTERM
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
//! | the handler returns an error with status 500 or above, the body fails or is shorter than announced | error | `Request error: connection lost` |
//! | the handler panics; the panic is resumed | error | `Request error: panicked: index out of bounds` |
//! | the client disconnects before | warn | `GET /users/7 cancelled (12ms)` |
//! | the client ends an event stream | info | `GET /events closed (60000ms)` |
//!
//! The metadata are `method`, `path`, `status`, `duration_ms`, and `route` if one matched. Entries that are logged
//! while the request is handled belong to its trace. The trace is that of its `traceparent`, otherwise of its
//! `X-Trace-ID`, otherwise a new one. A `tracing` span around the server does not change it; spans that the handler
//! enters are part of the trace. The handler can change the [scope](logtide_client::Client::configure_scope), and its
//! changes appear in the final entry.
//!
//! Tasks and threads that the handler starts have no scope. For `actix_web::rt::spawn`, wrap the future with
//! [`in_current_scope`](logtide_client::InScope::in_current_scope). For `web::block` or a thread, pass
//! [`Client::current_scope`](logtide_client::Client::current_scope) to it and run its work in
//! [`Client::in_scope`](logtide_client::Client::in_scope).
//!
//! If a client closes its connection before it has a response, actix-web cannot tell whether it still reads. The
//! handler therefore runs to its end, and the request gets the status of its response. A request counts as cancelled if
//! the connection is reset, or if it is closed while a response is streamed. With
//! [`h1_allow_half_closed(false)`](actix_web::HttpServer::h1_allow_half_closed), any closed connection counts as
//! cancelled. With HTTP/2, handlers always run to their end.
//!
//! A panic is one exception with its location and frames. If the client has a
//! [panic hook](logtide_client::Client::install_panic_hook), the exception is in the hook's critical entry, which has
//! the same trace. The entry of the request then has only the location. To get these, the middleware
//! [watches the panics](logtide_client::integration::Integration::watch_panics) of the process.
//!
//! The text of an error is not logged if the response has a status below 500: it often quotes client input.
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
//! Await the server, which completes its requests when it is told to stop, then close the client as above. This
//! delivers everything that was logged. Requests that exceed the server's
//! [`shutdown_timeout`](actix_web::HttpServer::shutdown_timeout) are aborted.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod fields;
mod future;
mod service;

use std::future::{Ready, ready};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
};
use logtide_client::Client;
use logtide_middleware::AccessLog;
pub use logtide_middleware::{Options, RequestTarget};

pub use self::{body::ResponseBody, future::ResponseFuture, service::LogTideService};

/// Logs the requests that an application handles, each in its own scope. The [crate documentation](crate) describes
/// what is logged.
///
/// Call `wrap` with it last, so that it is outermost and sees the effects of other middleware.
#[derive(Clone, Debug)]
pub struct LogTide(AccessLog);

impl LogTide {
    /// Logs with a client and the default [`Options`].
    pub fn new(client: Client) -> Self {
        Self::with_options(client, Options::new())
    }

    /// Logs with a client and the given options.
    pub fn with_options(client: Client, options: Options) -> Self {
        Self(AccessLog::new(client, options))
    }
}

impl<S, B> Transform<S, ServiceRequest> for LogTide
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<ResponseBody<B>>;
    type Error = Error;
    type Transform = LogTideService<S>;
    type InitError = ();
    type Future = Ready<Result<LogTideService<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(LogTideService::new(self.0.clone(), inner)))
    }
}
