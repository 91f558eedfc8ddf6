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
//! let app = move || {
//!     App::new()
//!         .wrap(LogTide::new(client.clone()))
//!         .app_data(web::Data::new(client.clone()))
//!         .route("/users/{id}", web::get().to(user))
//! };
//! HttpServer::new(app).bind(("127.0.0.1", 3000))?.run().await?;
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
//! | the handler gives an error that is answered with 500 or above, or the body fails | error | `Request error: connection lost` |
//! | the handler panics; the panic goes on | error | `Request error: panicked: index out of bounds` |
//! | the client goes while a response is streamed | warn | `GET /users/7 cancelled (12ms)` |
//!
//! Metadata are `method`, `path`, `status`, `duration_ms`, and `route` where one matched. Every entry that is logged while the request
//! is handled has its trace: that of its `traceparent`, else of its `X-Trace-ID`, else a new one. The handler may change the
//! [scope](logtide_client::Client::configure_scope), and its response's entry has what it set.
//!
//! actix-web runs a handler to its end when the client has gone. So a request counts as cancelled only while its response is streamed.
//!
//! Where the program has a [panic hook](logtide_client::Client::install_panic_hook), a panic has that one's critical entry too, of the same
//! trace.
//!
//! Of an error that is answered with less than 500 the text is not logged: it often quotes what the client sent.

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
pub use logtide_middleware::Options;

pub use self::{body::ResponseBody, future::ResponseFuture, service::LogTideService};

/// Logs the requests that an application handles, each in a scope of its own. See the [crate documentation](crate) for what is logged.
///
/// Wrapped around the application last, so that it sees what the others make of a request.
#[derive(Clone, Debug)]
pub struct LogTide(AccessLog);

impl LogTide {
    /// Logs with a client, by the default [`Options`].
    pub fn new(client: impl Into<Client>) -> Self {
        Self::with_options(client, Options::new())
    }

    /// Logs with a client.
    pub fn with_options(client: impl Into<Client>, options: Options) -> Self {
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
