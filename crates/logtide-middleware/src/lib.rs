//! What the HTTP integrations of the LogTide SDK log, and when.
//!
//! `logtide-tower`, `logtide-actix` and `logtide-rocket` are built on this crate, and so can be a middleware for another framework. It knows
//! no framework and does no I/O.
//!
//! An [`AccessLog`] begins an [`Exchange`] for each request. The exchange holds the request's [`Scope`](logtide_core::Scope), in which the
//! handler runs. Once the handler has answered, the exchange becomes a [`Transfer`], which follows the response body to its end:
//!
//! ```text
//! AccessLog ──begin──► Exchange ──respond──► Transfer ──sent, complete──► "GET /p 200 (45ms)"
//!                         │                     │
//!                         ├──── fail, panic ────┴──► "Request error: …"
//!                         └──── dropped ────────┴──► "GET /p cancelled (12ms)", of an event stream "GET /p closed (12ms)"
//! ```
//!
//! However a request ends, one entry says so, and no second one. A panic is one exception, in that entry or in that of the client's
//! panic hook. A future that handles a request becomes a [`Handling`], and a body that
//! is made while it is sent a [`Sending`]: both are in the scope of the request whenever they are polled, and while they are dropped.
//!
//! ```
//! use http::{HeaderMap, Request, Response};
//! use logtide_middleware::{AccessLog, Options, RequestHead};
//!
//! fn serve(log: &AccessLog, request: &Request<()>, handler: impl Fn() -> Response<String>) -> Response<String> {
//!     let head = RequestHead::new(request.method().as_str(), request.uri().path(), request.headers());
//!     let mut exchange = log.begin(&head);
//!     let response = exchange.run(|| handler()); // its entries carry the request's trace
//!     let size = response.body().len() as u64;
//!     let mut transfer = exchange.respond(response.status().as_u16(), response.headers(), Some(size));
//!     transfer.sent(size); // all of the body: the response's entry is written
//!     response
//! }
//! # let client = logtide_client::Client::with_transport(
//! #     logtide_client::ClientOptions::new("http://localhost:8080", "lp_your_key"),
//! #     std::sync::Arc::new(logtide_transport::MemoryTransport::new()),
//! # )?;
//! # let log = AccessLog::new(client, Options::new().service("api"));
//! # serve(&log, &Request::new(()), || Response::new("hello".to_owned()));
//! # Ok::<(), logtide_client::OptionsError>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod access_log;
mod details;
mod exchange;
mod handling;
mod headers;
mod options;
#[cfg(feature = "otlp")]
mod outgoing;
mod path_name;
mod request_head;
#[cfg(feature = "otlp")]
mod semantics;
mod sending;
#[cfg_attr(not(feature = "otlp"), path = "no_server_span.rs")]
mod server_span;
mod transfer;

pub use access_log::AccessLog;
pub use exchange::Exchange;
pub use handling::Handling;
pub use headers::Headers;
pub use options::Options;
#[cfg(feature = "otlp")]
pub use outgoing::OutgoingRequest;
pub use path_name::{PathName, RequestTarget};
pub use request_head::RequestHead;
pub use sending::Sending;
pub use transfer::Transfer;
