//! The LogTide SDK for Rust: cheap log calls, delivery that survives outages and restarts, queries and a live tail.
//!
//! [LogTide](https://logtide.dev) is a self-hosted log server. A log call encodes its entry on the calling thread, puts it into a bounded
//! buffer and returns. It never waits for the network, never panics and returns no error. One background thread sends batches and retries
//! them. Every entry is delivered or counted as dropped.
//!
//! # Start
//!
//! With `tracing` (feature `tracing`). The layer takes INFO and above unless it has a filter of its own:
//!
//! ```no_run
//! use logtide::{Client, ClientOptions, integrations};
//! use tracing_subscriber::prelude::*;
//!
//! let client = Client::new(ClientOptions::from_env()?.service("shop"))?; // LOGTIDE_DSN
//! tracing_subscriber::registry()
//!     .with(tracing_subscriber::fmt::layer())
//!     .with(integrations::tracing::layer(&client))
//!     .init();
//! tracing::info!(order = 42, "order placed");
//! # Ok::<(), logtide::OptionsError>(())
//! ```
//!
//! With the macros and one client for the program. The fields are borrowed and nothing is allocated:
//!
//! ```no_run
//! use logtide::ClientOptions;
//!
//! let _guard = logtide::init(ClientOptions::from_env()?.service("shop"))?; // delivers when it is dropped
//! logtide::info!("order placed", order = 42, path = "/orders");
//! if let Err(error) = "eighty".parse::<u16>() {
//!     logtide::error!("the port is not a number", error = &error); // with its causes
//! }
//! # Ok::<(), logtide::OptionsError>(())
//! ```
//!
//! With a client. Metadata is anything that implements [`IntoMetadata`]: pairs, JSON, maps or errors:
//!
//! ```no_run
//! use logtide::{Client, ClientOptions};
//!
//! let client = Client::new(ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! client.info("shop", "order placed", [("order", 42)]);
//! let shop = client.service("shop");
//! shop.warn("slow upstream", (("upstream", "payments"), ("took_ms", 340.5)));
//! # Ok::<(), logtide::OptionsError>(())
//! ```
//!
//! Shut down by dropping the client: the last handle delivers what is left, for at most 5 seconds. Async code closes it instead, for example
//! after SIGTERM:
//!
//! ```no_run
//! # async fn example(client: logtide::Client) {
//! client.close().await;
//! # }
//! ```
//!
//! # Guides
//!
//! | guide | what it answers |
//! |---|---|
//! | [getting started](guides::getting_started) | how to add metadata, errors and scopes, read back, and follow |
//! | [frameworks](guides::frameworks) | how to use `tracing`, axum, actix-web, Rocket |
//! | [configuration](guides::configuration) | how to set options in code, environment and files |
//! | [delivery](guides::delivery) | what is kept, retried, dropped, and over restarts |
//! | [shutting down](guides::shutting_down) | what happens on SIGTERM, `process::exit`, a fork, a cancelled flush |
//! | [OpenTelemetry](guides::opentelemetry) | how to send OTLP, spans, and to collectors |
//! | [transport](guides::transport) | how to send with an HTTP client of your own |
//! | [testing](guides::testing) | how to test what a program logs |
//! | [tuning](guides::tuning) | what logging costs and what changes it |
//! | [footprint](guides::footprint) | what the SDK adds to a program's size and build |
//! | [troubleshooting](guides::troubleshooting) | what each error message means, and what to do |
//! | [from the Python SDK](guides::python) | what each Python name is called here |
//!
//! [Guarantees](guarantees) lists what delivery promises, with the test that shows each promise.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `tls` | yes | HTTPS through rustls, with the certificates of the operating system and your own, and client certificates |
//! | `webpki-roots` | no | the Mozilla root certificates, compiled in |
//! | `http2` | no | HTTP/2 where a proxy in front of the server offers it |
//! | `spool` | no | keeps entries that cannot be sent in files and sends them later, also after a restart: `ClientOptions::spool` |
//! | `otlp` | no | entries over OTLP, to LogTide and to OpenTelemetry collectors, and spans: `ClientOptions::wire`, `Client::span` |
//! | `tower` | no | `logtide::integrations::tower`: layers that log a server's requests, and pass traces on to other services |
//! | `axum` | no | `tower`, with the routes and client addresses that axum knows |
//! | `actix` | no | `logtide::integrations::actix`: middleware that logs the requests of an actix-web server |
//! | `rocket` | no | `logtide::integrations::rocket`: a fairing that logs the requests of a Rocket server |
//! | `tracing` | no | `logtide::integrations::tracing`: a layer for `tracing` |
//! | `log` | no | `logtide::integrations::log`: a logger for the `log` crate |
//! | `opentelemetry` | no | with `tracing`: the ids of OpenTelemetry, where `tracing-opentelemetry` is in the same subscriber |
//! | `testing` | no | `logtide::testing`: captured entries, assertions and the embedded server, for tests |

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod crates;
pub mod guarantees;
pub mod guides;
pub mod integrations;
#[cfg(feature = "testing")]
pub mod testing;

#[cfg(feature = "spool")]
pub use logtide_client::Durability;
pub use logtide_client::{
    Client, ClientMetrics, ClientOptions, DropPolicy, EnvError, Guard, InScope, OptionsError, Scoped,
    Service, SpanMetrics, client, critical, debug, error, info, init, init_with, warn,
};
#[cfg(feature = "otlp")]
pub use logtide_client::{Collector, InSpan, Instrumented, Span, SpanGuard, Wire};
pub use logtide_core::{
    ApiKey, Breadcrumb, BreadcrumbKind, CircuitState, DropReason, Drops, Dsn, DsnError, ErrorFormat, Event,
    Fields, FlushReport, GiveUp, IntoMetadata, Joined, Level, LogEntry, Metadata, OwnedId, Pairs,
    ParseIdError, ParseLevelError, ParseNameError, ParseTraceParentError, PayloadLimits, Recovered,
    Redaction, Scope, Serialized, SpanId, Timestamp, TraceContext, TraceHeaders, TraceId, TraceParent, User,
};
#[cfg(feature = "otlp")]
pub use logtide_core::{SpanKind, SpanStatus};
pub use logtide_query::{
    AggregatedStats, AggregatedStatsOptions, ContextOptions, DependencyEdge, DependencyNode, Interval,
    LevelCounts, LogContext, LogRecord, LogStats, LogsResponse, MessageCount, MetadataError, MetadataFilter,
    QueryAll, QueryAllBlocking, QueryError, QueryOptions, SearchMode, ServiceCount, SpanEvent, SpanLink,
    SpanNode, SpanNodes, SpanTree, StatsOptions, StoredSpan, TimeBucket, TraceDependencies, TraceOptions,
    TraceStats, TraceSummary, TracesResponse,
};
pub use logtide_stream::{
    BlockingLogStream, Gap, GapCause, LogStream, StopHandle, StreamError, StreamEvent, StreamHandle,
    StreamOptions,
};
#[cfg(feature = "tls")]
pub use logtide_transport::Pem;
pub use logtide_transport::{
    DriverError, EndpointError, ErrorKind, HttpOptions, HttpTransport, MemoryTransport, RecordedRequest,
    Reply, Transport, TransportError,
};

/// The version of the SDK, such as `0.1.0`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

// The examples of the README that the registry shows are compiled with those of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
