//! The framework-independent part of the LogTide SDK's HTTP middleware.
//!
//! `logtide-tower`, `logtide-actix` and `logtide-rocket` are built on this crate. Use it to write middleware for
//! another framework. It depends on no framework and does no I/O.
//!
//! An [`AccessLog`] begins an [`Exchange`] for each request. The exchange holds the request's
//! [`Scope`](logtide_core::Scope), in which the handler runs. When the handler has responded, the exchange becomes a
//! [`Transfer`], which follows the response body to its end:
//!
//! ```text
//! AccessLog ──begin──► Exchange ──respond──► Transfer ──sent, complete──► "GET /p 200 (45ms)"
//!                         │                     │
//!                         ├──── fail, panic ────┴──► "Request error: …"
//!                         └──── dropped ────────┴──► "GET /p cancelled (12ms)", of an event stream "GET /p closed (12ms)"
//! ```
//!
//! Each request has exactly one final entry, however it ends. A panic is one exception, in that entry or in the one of
//! the client's panic hook. Use a [`Handling`] for a future that handles a request, and a [`Sending`] for a body that
//! is produced while it is sent. Both are polled and dropped in the scope of the request.
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
