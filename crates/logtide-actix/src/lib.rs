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
//! | what happens | level | message |
//! |---|---|---|
//! | a request arrives | info | `GET /users/7` |
//! | its response was sent, to the last byte of its body | info; warn from 400, error from 500 | `GET /users/7 200 (45ms)` |
//! | the handler gives an error that is answered with 500 or above, the body fails, or it ends before its announced length | error | `Request error: connection lost` |
//! | the handler panics; the panic goes on | error | `Request error: panicked: index out of bounds` |
//! | the client goes before that | warn | `GET /users/7 cancelled (12ms)` |
//! | the client leaves an event stream | info | `GET /events closed (60000ms)` |
//!
//! Metadata are `method`, `path`, `status`, `duration_ms`, and `route` where one matched. Every entry that is logged while the request
//! is handled has its trace: that of its `traceparent`, else of its `X-Trace-ID`, else a new one. A span of `tracing` around the server
//! does not change that; spans that the handler enters are part of the trace. The handler may change the
//! [scope](logtide_client::Client::configure_scope), and its response's entry has what it set.
//!
//! A task or thread that the handler starts is in no scope: a future for `actix_web::rt::spawn` takes it along with
//! [`in_current_scope`](logtide_client::InScope::in_current_scope), and work for `web::block` or a thread with
//! [`Client::current_scope`](logtide_client::Client::current_scope), which the other side hands to
//! [`Client::in_scope`](logtide_client::Client::in_scope).
//!
//! A client that closes its connection before there is an answer looks to actix-web like one that only has nothing more to send: its
//! handler runs to the end, and the request has the status that it was answered with. It counts as cancelled where the connection is
//! reset, where [`h1_allow_half_closed(false)`](actix_web::HttpServer::h1_allow_half_closed) is set, and while a response is streamed. With
//! HTTP/2 handlers always run to their end.
//!
//! A panic is one exception with its place and frames. Where the client has a
//! [panic hook](logtide_client::Client::install_panic_hook), the exception is in that one's critical entry, of the same trace, and the
//! entry of the request has the place alone. The middleware [watches the panics](logtide_client::integration::Integration::watch_panics) of the process
//! for that.
//!
//! Of an error that is answered with less than 500 the text is not logged: it often quotes what the client sent.
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
//! Await the server, which lets its requests end once it is told to stop, then close the client, as above: what was logged is delivered.
//! The requests that outlast the server's [`shutdown_timeout`](actix_web::HttpServer::shutdown_timeout) are cut off.

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

/// Logs the requests that an application handles, each in a scope of its own. See the [crate documentation](crate) for what is logged.
///
/// Wrapped around the application last, so that it sees what the others make of a request.
#[derive(Clone, Debug)]
pub struct LogTide(AccessLog);

impl LogTide {
    /// Logs with a client, by the default [`Options`].
    pub fn new(client: Client) -> Self {
        Self::with_options(client, Options::new())
    }

    /// Logs with a client.
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
