//! The LogTide SDK for Rust: logs leave your program quickly, arrive exactly in order, and every one is accounted for.
//!
//! [LogTide](https://logtide.dev) is a self-hosted log server. [`Client`] logs to it and reads back from it:
//!
//! ```no_run
//! use logtide::{Client, ClientOptions};
//!
//! let client = Client::new(ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! client.info("api", "server started", [("port", 3000)]);
//! # Ok::<(), logtide::OptionsError>(())
//! ```
//!
//! A log call encodes its entry in the calling thread, leaves the bytes in a bounded buffer and returns: it never waits for the
//! network, never panics and never fails. One worker thread, which starts with the first entry, sends batches and retries them. No
//! async runtime is needed, and none is in the way.
//!
//! # What to log
//!
//! Metadata is anything that [`IntoMetadata`] takes: JSON, pairs of any types (borrowed, without an allocation), maps, errors.
//!
//! ```no_run
//! # let client = logtide::Client::new(logtide::ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! let path = "/api/users/42";
//! client.info("api", format_args!("GET {path}"), (("status", 200), ("duration_ms", 12.5)));
//!
//! if let Err(error) = std::fs::read("settings.toml") {
//!     client.error("api", "the settings cannot be read", &error); // with its causes, and the place of this call
//! }
//!
//! let gateway = client.service("api-gateway");
//! gateway.warn("slow upstream", [("upstream", "users")]);
//! # Ok::<(), logtide::OptionsError>(())
//! ```
//!
//! # Traces and scopes
//!
//! What the entries of one request have in common is set once, in its [`Scope`]: trace, tags, user, extras, breadcrumbs. A scope follows
//! a future across `.await` and threads, is taken along to other threads by hand, and is never seen by another task.
//!
//! ```no_run
//! # let client = logtide::Client::new(logtide::ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! use logtide::{Breadcrumb, InScope, Scope, User};
//!
//! // The headers of a request, as any framework gives them.
//! let trace = client.incoming_trace(Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), None);
//! let scope = Scope::new().with(|scope| {
//!     scope.set_trace_context(&trace);
//!     scope.set_tag("route", "/orders");
//! });
//! let request = async move {
//!     client.configure_scope(|scope| scope.set_user(User::new().id("u_1")));
//!     client.add_breadcrumb(Breadcrumb::new("cart loaded"));
//!     client.info("shop", "order placed", [("order", 42)]); // with all of the above
//!     let headers = client.outgoing_trace(); // the `traceparent` for requests to others
//! };
//! let request = request.with_scope(scope); // to be awaited or spawned
//! # drop(request);
//! # Ok::<(), logtide::OptionsError>(())
//! ```
//!
//! Code that does not await is put into a scope with [`with_scope`](logtide_client::Client::with_scope), or into a trace alone with
//! [`with_trace_id`](logtide_client::Client::with_trace_id). Of several trace ids the nearest is taken: the entry's own, the scope's, the
//! client's ([`set_trace_id`](logtide_client::Client::set_trace_id)), a generated one ([`ClientOptions::auto_trace_id`]).
//!
//! # Before the program ends
//!
//! The last handle that is dropped closes the client and waits for delivery, at most for `shutdown_timeout`. A program that ends in
//! another way closes it itself, and learns what became of its entries:
//!
//! ```no_run
//! # use std::time::Duration;
//! # let client = logtide::Client::new(logtide::ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! let report = client.close_blocking(Duration::from_secs(5)); // or client.close().await
//! assert_eq!(report.lost + report.pending, 0);
//! # Ok::<(), logtide::OptionsError>(())
//! ```
//!
//! # When the server does not answer
//!
//! Entries wait in the buffer, 10,000 and 64 MiB by default. A batch is tried four times, with growing delays; batches given up in a
//! row open a circuit breaker that keeps what waits and probes the server every 30 seconds. One bad entry never takes its batch with
//! it. Whatever is lost is counted by reason in [`ClientMetrics`], where `logged = logs_sent + logs_dropped + pending` at every
//! moment, and told as it happens with [`ClientOptions::debug`] and [`ClientOptions::on_event`].
//!
//! # Reading back
//!
//! ```no_run
//! # let client = logtide::Client::new(logtide::ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! use logtide::{Level, QueryOptions};
//!
//! let page = client.query_blocking(QueryOptions::new().service("api").level(Level::Error).limit(50))?;
//! for entry in page.logs {
//!     println!("{} {} {}", entry.time, entry.level, entry.message);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `tls` | yes | HTTPS through rustls, with the certificates of the operating system and your own |
//! | `webpki-roots` | no | the Mozilla root certificates, compiled in |
//! | `http2` | no | HTTP/2 where a proxy in front of the server offers it |

mod client;

pub use logtide_client::{ClientMetrics, ClientOptions, DropPolicy, InScope, OptionsError, Scoped, Service};
pub use logtide_core::{
    ApiKey, Breadcrumb, BreadcrumbKind, CircuitState, DropReason, Drops, Dsn, DsnError, Event, Fields,
    FlushReport, IntoMetadata, Level, LogEntry, Metadata, Pairs, ParseIdError, ParseLevelError,
    ParseTraceParentError, Scope, Serialized, SpanId, Timestamp, TraceContext, TraceId, TraceParent, User,
};
pub use logtide_query::{LogRecord, LogsResponse, QueryError, QueryOptions, SearchMode};
pub use logtide_transport::{HttpOptions, HttpTransport, MemoryTransport, Transport};

pub use self::client::Client;
