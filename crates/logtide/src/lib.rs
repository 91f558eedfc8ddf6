//! The LogTide SDK for Rust: log calls cost little, entries survive outages and restarts, and every one is accounted for.
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
//! logtide::info!(gateway, "upstream is back"); // macros leave the metadata out, or take fields: `after = 3`
//! # Ok::<(), logtide::OptionsError>(())
//! ```
//!
//! # One client for the program
//!
//! [`init`] makes it, and the level macros log with it from anywhere, with borrowed fields and without an allocation. Without a client they
//! do nothing and evaluate nothing.
//!
//! ```no_run
//! use logtide::ClientOptions;
//!
//! let _guard = logtide::init(ClientOptions::from_env()?.service("api"))?; // flushes and closes when it is dropped
//! let path = "/api/users/42";
//! logtide::info!("request completed", method = "GET", http.path = path, status = 200);
//! logtide::warn!(service: "billing", "slow answer to {path}", duration = ?std::time::Duration::from_secs(2));
//! if let Err(error) = "eighty".parse::<u16>() {
//!     logtide::error!("the port is not a number", error = &error);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Options come from code, from `LOGTIDE_…` variables ([`ClientOptions::from_env`]), or from a file of any format that serde knows:
//! [`ClientOptions`] is `Deserialize`, with the names of its setters.
//!
//! # What is sent
//!
//! Nothing about the machine or its users is sent that was not given. Values whose key names a secret are not sent either
//! ([`Redaction`]), and fields and entries have a largest size ([`PayloadLimits`]). The application has the last word: `before_send` gets each
//! entry as it would be sent, and what it returns is sent as it is, within the largest size of an entry. A share of the entries, or of
//! the traces, is kept with `sample_rate`:
//!
//! ```
//! use logtide::{ClientOptions, Level, PayloadLimits, Redaction};
//!
//! let options = ClientOptions::new("http://localhost:8080", "lp_your_key")
//!     .environment("production")
//!     .release("1.4.2")
//!     .redaction(Redaction::default().keys(["iban"]).allow_keys(["csrf_token"]))
//!     .payload_limits(PayloadLimits::default().exclude_fields(["body"]))
//!     .before_send(|mut entry| {
//!         entry.metadata.remove("email");
//!         (entry.level > Level::Debug).then_some(entry)
//!     })
//!     .sample_rate(0.25);
//! ```
//!
//! # Errors and panics
//!
//! An error brings its causes, up to ten, and the place of the log call. With [`ClientOptions::attach_stacktrace`] it brings the
//! frames of the call too. The server groups errors by type and frames. `with` joins further metadata, and `&*error` is for the
//! errors of `anyhow` and `eyre`.
//!
//! The type is the name at the start of the error's `Debug` form, which is that of the struct or of the enum's variant, in whatever
//! form the error is passed: `&error`, `&dyn Error`, in a `Box`. Where the `Debug` form does not begin with such a name it is `Error`.
//!
//! ```no_run
//! use logtide::{Client, ClientOptions, IntoMetadata as _};
//!
//! let options = ClientOptions::new("http://localhost:8080", "lp_your_key").attach_stacktrace(true);
//! let client = Client::new(options)?;
//! client.service("api").install_panic_hook(); // panics become critical entries, delivered before the thread ends
//!
//! if let Err(error) = "70000".parse::<u16>() {
//!     client.error("api", "the port is out of range", [("setting", "port")].with(&error));
//! }
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
//! Code that does not await is put into a scope with [`with_scope`](Client::with_scope), or into a trace alone with
//! [`with_trace_id`](Client::with_trace_id). Of several trace ids the nearest is taken: the entry's own, that of the
//! span of `tracing` around it, the scope's, the client's ([`set_trace_id`](Client::set_trace_id)), a generated one ([`ClientOptions::auto_trace_id`]).
//!
//! # Before the program ends
//!
//! The last handle that is dropped closes the client and waits for delivery, at most for `shutdown_timeout`; one that nobody drops is
//! closed when the process ends. Async code awaits `close` instead, for example after a SIGTERM: see
//! [`Client`]. Both forms of `close` report what became of the entries:
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
//! Entries wait in the buffer, 10,000 and 64 MiB by default. A batch that fails is tried again with growing delays, and stays in the
//! buffer until it is delivered: an outage loses nothing that the buffer can hold, however long it is. Failures in a row open a circuit
//! breaker that probes the server every 30 seconds. [`GiveUp::AfterRetries`] drops a batch instead once it has been tried four times,
//! as the other LogTide SDKs do. One bad entry never takes its batch with it.
//!
//! Whatever is lost is counted by reason in [`ClientMetrics`], where `logged = logs_sent + logs_dropped + pending` at every moment, and
//! told as it happens with [`ClientOptions::debug`] and [`ClientOptions::on_event`]. With `debug` off one line on standard error tells
//! that no entries arrive, once for each outage that outlasts the retries.
//!
//! # Reading back
//!
//! With a key that has full access, the same client reads back: a page at a time, or everything that a search finds.
//!
//! ```no_run
//! # let client = logtide::Client::new(logtide::ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! use logtide::{Level, MetadataFilter, QueryOptions};
//!
//! let page = client.query_blocking(QueryOptions::new().service("api").level(Level::Error).limit(50))?;
//! for entry in page.logs {
//!     println!("{} {} {}", entry.time, entry.level, entry.message);
//! }
//!
//! let tenant = QueryOptions::new().metadata(MetadataFilter::equals("tenant", "a"));
//! for entry in client.query_all_blocking(tenant) {
//!     let entry = entry?; // page by page, each entry once, while others arrive
//!     let order: Option<u64> = entry.get("order")?; // exact, whatever its size
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! There are also the entries of a trace ([`Client::get_by_trace_id`]), what was logged around a moment ([`Client::context`]), and counts
//! over time ([`Client::get_aggregated_stats`]) and by level ([`Client::stats`]). [`Client::traces`] lists traces,
//! [`Client::trace_spans`] gives the spans of one, and [`SpanTree`] puts these and the entries in order. Every call is async, on any
//! runtime, and has a blocking twin that needs none. [`Client::query_all`] is a `Stream`.
//!
//! [`Client::heartbeat`] tells a monitor of the server that the program is alive. It needs no full access.
//!
//! # Following
//!
//! [`Client::stream`] follows what is logged, as a stream; [`Client::stream_blocking`] as an iterator, and [`Client::stream_with`] calls
//! functions. The server's own stream leaves entries out: it gives at most 100 a second, and none that arrives late or while there is no
//! connection. [`StreamOptions::complete`] takes it as a bell and reads with queries, so that every entry comes exactly once, if it arrives
//! within the given time:
//!
//! ```no_run
//! # use std::time::Duration;
//! # let client = logtide::Client::new(logtide::ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! use logtide::StreamOptions;
//!
//! let options = StreamOptions::new().service("api").complete(Duration::from_secs(30));
//! for item in client.stream_blocking(options) {
//!     match item {
//!         Ok(entry) => println!("{} {} {}", entry.time, entry.level, entry.message),
//!         Err(error) if error.is_final() => return Err(error.into()),
//!         Err(error) => println!("{error}"), // what may be missing, never silently
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In a service that uses `tracing`
//!
//! Four lines add LogTide to a web service with [axum] and `tracing`; the features are `axum` and `tracing`. The layer takes all that the
//! filters let through, from TRACE up and from every library, so it has one here. `stop` is a future that ends when the service is to
//! end, such as one that waits for Ctrl-C: without it `serve` never returns, and nothing closes the client.
//!
//! ```no_run
//! use logtide::{Client, ClientOptions, integrations::tower::ServerLayer};
//! # use axum::{Router, routing::get};
//! # use tokio::net::TcpListener;
//! # use tracing_subscriber::{filter::LevelFilter, prelude::*};
//! # async fn order() {}
//! # async fn serve(stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let client = Client::new(ClientOptions::from_env()?.service("shop"))?; // 1
//! tracing_subscriber::registry()
//!     .with(tracing_subscriber::fmt::layer())
//!     .with(logtide::integrations::tracing::layer(&client).with_filter(LevelFilter::INFO)) // 2
//!     .init();
//! let app = Router::new()
//!     .route("/orders/{id}", get(order))
//!     .layer(ServerLayer::new(client.clone())); // 3
//! let listener = TcpListener::bind("127.0.0.1:3000").await?;
//! axum::serve(listener, app).with_graceful_shutdown(stop).await?;
//! client.close().await; // 4
//! # Ok(())
//! # }
//! ```
//!
//! Each request has one entry when it arrives and one when its body has been sent, `GET /orders/7 200 (45ms)`, at the level of its status.
//! Everything logged in between has the trace of its `traceparent`. Errors, panics and clients that go are logged once. No address, query
//! string or header is logged unless you ask. The features `tower`, `actix` and `rocket` do the same for other servers.
//!
//! Requests to other services take the trace along, here with reqwest; a client on tower has `logtide::integrations::tower::ClientLayer` for it:
//!
//! ```no_run
//! # async fn ask(client: logtide::Client, http: reqwest::Client) -> reqwest::Result<()> {
//! let mut request = http.get("http://localhost:4000/stock").build()?;
//! client.inject_trace(request.headers_mut()); // a `traceparent`, unless there is one
//! let response = http.execute(request).await?;
//! # drop(response);
//! # Ok(())
//! # }
//! ```
//!
//! Events of `tracing` keep their fields with their types, and those of the spans around them. Errors become exceptions with causes, and
//! nothing is allocated for an event:
//!
//! ```no_run
//! # let client = logtide::Client::new(logtide::ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! let _order = tracing::info_span!("order", id = 42).entered();
//! tracing::warn!(attempt = 2, "the card was refused"); // with `id`, `spans: ["order"]`, and the span's trace
//! logtide::info!(client, service: "mail", "customer told"); // in the same trace
//! if let Err(error) = std::fs::read("settings.toml") {
//!     tracing::error!(critical = true, error = &error as &dyn std::error::Error, "the settings cannot be read");
//! }
//! # Ok::<(), logtide::OptionsError>(())
//! ```
//!
//! The feature `log` does so for the `log` crate, from the level `info` up: `logtide::integrations::log::Logger::new(&client).init()?`. A program with the
//! layer needs no logger: `init` of `tracing-subscriber` brings the records of `log` to it. Neither keeps the client open: dropping it at
//! the end of `main` delivers.
//!
//! [axum]: https://docs.rs/axum
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `tls` | yes | HTTPS through rustls, with the certificates of the operating system and your own |
//! | `webpki-roots` | no | the Mozilla root certificates, compiled in |
//! | `http2` | no | HTTP/2 where a proxy in front of the server offers it |
//! | `spool` | no | entries that cannot be sent are kept in files and sent later, also after a restart: `ClientOptions::spool` |
//! | `otlp` | no | entries over OTLP, to LogTide and to OpenTelemetry collectors, and spans: `ClientOptions::wire`, `Client::span` |
//! | `tower` | no | `logtide::integrations::tower`: layers that log the requests of a server, and pass traces on from a client |
//! | `axum` | no | `tower`, with the routes and client addresses that axum knows |
//! | `actix` | no | `logtide::integrations::actix`: middleware that logs the requests of an actix-web server |
//! | `rocket` | no | `logtide::integrations::rocket`: a fairing that logs the requests of a Rocket server |
//! | `tracing` | no | `logtide::integrations::tracing`: a layer for `tracing` |
//! | `log` | no | `logtide::integrations::log`: a logger for the `log` crate |
//! | `opentelemetry` | no | with `tracing`: the ids of OpenTelemetry, where `tracing-opentelemetry` is in the same subscriber |

pub mod crates;
pub mod guarantees;
pub mod integrations;

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
    BlockingLogStream, Follow, Gap, GapCause, LogStream, StopHandle, StreamError, StreamEvent, StreamOptions,
};
pub use logtide_transport::{
    DriverError, EndpointError, ErrorKind, HttpOptions, HttpTransport, MemoryTransport, RecordedRequest,
    Reply, Transport, TransportError,
};

/// The version of the SDK, such as `0.1.0`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
