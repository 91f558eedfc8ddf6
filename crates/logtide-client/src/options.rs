//! Client options and their defaults.

mod check;
mod connection;
mod content;
mod error;
mod identity;
mod settings;
#[cfg(feature = "spool")]
mod spool;
#[cfg(feature = "otlp")]
mod wire;
#[cfg(not(feature = "otlp"))]
mod wire_of_json;

use std::{fmt, sync::Arc, time::Duration};

use logtide_core::{
    ApiKey, Breadcrumb, Dsn, DsnError, ErrorFormat, Event, GiveUp, IntoMetadata, Level, LogEntry, Metadata,
    PayloadLimits, PipelineOptions, Redaction, Scope, limits::DEFAULT_BATCH_BYTES,
};
use logtide_transport::HttpOptions;

#[cfg(feature = "spool")]
pub use self::spool::Durability;
#[cfg(feature = "otlp")]
pub use self::wire::{Collector, Wire};
pub use self::{error::OptionsError, settings::EnvError};
use crate::hook::HookPanic;

/// What to do with a new entry when the buffer is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DropPolicy {
    /// Drop the new entry.
    #[default]
    Newest,
    /// Drop the oldest entries that are not being sent. Memory use can briefly reach twice the buffer size.
    Oldest,
    /// Block the caller until there is space, at most this long, then drop the new entry. For programs that prefer to
    /// slow down rather than lose entries, such as batch jobs.
    Block(Duration),
}

/// Configures a [`Client`](crate::Client): the server, batching, retries and buffering.
///
/// Every option has a default. [`Client::new`](crate::Client::new) checks all values together.
///
/// ```
/// use std::time::Duration;
/// use logtide_client::{ClientOptions, DropPolicy};
///
/// let options = ClientOptions::new("http://localhost:8080", "lp_your_key")
///     .batch_size(200)
///     .flush_interval(Duration::from_secs(2))
///     .drop_policy(DropPolicy::Block(Duration::from_millis(50)))
///     .global_metadata([("region", "eu-west-1")]);
/// ```
#[derive(Clone)]
pub struct ClientOptions {
    pub(crate) api_url: String,
    pub(crate) api_key: ApiKey,
    pub(crate) batch_size: usize,
    pub(crate) flush_interval: Duration,
    pub(crate) max_buffer_size: usize,
    pub(crate) max_buffer_bytes: usize,
    pub(crate) drop_policy: DropPolicy,
    pub(crate) max_batch_bytes: usize,
    pub(crate) max_in_flight: usize,
    pub(crate) max_retries: u32,
    pub(crate) give_up: GiveUp,
    pub(crate) retry_delay: Duration,
    pub(crate) circuit_breaker_threshold: u32,
    pub(crate) circuit_breaker_reset: Duration,
    pub(crate) request_timeout: Duration,
    pub(crate) flush_timeout: Duration,
    pub(crate) shutdown_timeout: Duration,
    pub(crate) enable_metrics: bool,
    pub(crate) debug: bool,
    pub(crate) outage_notice: bool,
    pub(crate) global_metadata: Metadata,
    pub(crate) auto_trace_id: bool,
    pub(crate) event_ids: bool,
    pub(crate) sequence_numbers: bool,
    pub(crate) min_level: Level,
    pub(crate) sample_rate: f64,
    pub(crate) service: String,
    pub(crate) environment: Option<String>,
    pub(crate) release: Option<String>,
    pub(crate) server_name: Option<String>,
    pub(crate) payload_limits: PayloadLimits,
    pub(crate) redaction: Redaction,
    pub(crate) send_default_pii: bool,
    pub(crate) before_send: Option<BeforeSend>,
    pub(crate) error_format: ErrorFormat,
    pub(crate) attach_stacktrace: bool,
    pub(crate) max_breadcrumbs: usize,
    pub(crate) before_breadcrumb: Option<BreadcrumbHook>,
    pub(crate) on_event: Option<EventHook>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) http: HttpOptions,
    pub(crate) shared: Option<connection::Shared>,
    #[cfg(feature = "spool")]
    pub(crate) spool: spool::Spool,
    #[cfg(feature = "otlp")]
    pub(crate) otlp: wire::Otlp,
}

/// A callback that receives every event.
pub(crate) type EventHook = Arc<dyn Fn(&Event) + Send + Sync>;

/// A function that changes or discards entries.
pub(crate) type BeforeSend = Arc<dyn Fn(LogEntry) -> Option<LogEntry> + Send + Sync>;
/// A function that changes or discards breadcrumbs, and whether it has panicked.
#[derive(Clone)]
pub(crate) struct BreadcrumbHook {
    pub(crate) call: BreadcrumbFn,
    pub(crate) panic: Arc<HookPanic>,
}

pub(crate) type BreadcrumbFn = Arc<dyn Fn(Breadcrumb) -> Option<Breadcrumb> + Send + Sync>;

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $kind:ty,)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: $kind) -> Self {
            self.$name = $name;
            self
        }
    )*};
}

impl ClientOptions {
    /// Creates options for a server address and an API key.
    pub fn new(api_url: impl Into<String>, api_key: impl Into<String>) -> Self {
        let pipeline = PipelineOptions::default();
        Self {
            api_url: api_url.into(),
            api_key: ApiKey::new(api_key),
            batch_size: pipeline.batch_size,
            flush_interval: pipeline.flush_interval,
            max_buffer_size: pipeline.max_entries,
            max_buffer_bytes: pipeline.max_bytes,
            drop_policy: DropPolicy::default(),
            max_batch_bytes: DEFAULT_BATCH_BYTES,
            max_in_flight: pipeline.max_in_flight,
            max_retries: pipeline.max_retries,
            give_up: pipeline.give_up,
            retry_delay: pipeline.retry_delay,
            circuit_breaker_threshold: pipeline.circuit_breaker_threshold,
            circuit_breaker_reset: pipeline.circuit_breaker_reset,
            request_timeout: Duration::from_secs(30),
            flush_timeout: Duration::from_secs(10),
            shutdown_timeout: Duration::from_secs(5),
            enable_metrics: true,
            debug: false,
            outage_notice: true,
            global_metadata: Metadata::new(),
            auto_trace_id: false,
            event_ids: false,
            sequence_numbers: false,
            min_level: Level::Debug,
            sample_rate: 1.0,
            service: String::new(),
            environment: None,
            release: None,
            server_name: None,
            payload_limits: PayloadLimits::default(),
            redaction: Redaction::default(),
            send_default_pii: false,
            before_send: None,
            error_format: ErrorFormat::default(),
            attach_stacktrace: false,
            max_breadcrumbs: Scope::MAX_BREADCRUMBS,
            before_breadcrumb: None,
            on_event: None,
            headers: Vec::new(),
            http: HttpOptions::default(),
            shared: None,
            #[cfg(feature = "spool")]
            spool: spool::Spool::default(),
            #[cfg(feature = "otlp")]
            otlp: wire::Otlp::default(),
        }
    }

    /// Creates options from a DSN, `scheme://key@host[:port][/base-path]`.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a valid DSN. The error never shows the text, which may contain a key.
    pub fn from_dsn(dsn: &str) -> Result<Self, DsnError> {
        let dsn: Dsn = dsn.parse()?;
        Ok(Self::new(dsn.api_url(), dsn.api_key().expose()))
    }

    setters! {
        /// Sets how many waiting entries trigger an immediate send. Default 100, at least 1.
        ///
        /// A request carries everything that waits, up to the server's limit of 1,000 entries, so a backlog is sent in
        /// large requests regardless of this value. If it exceeds the buffer size, only
        /// [`flush_interval`](Self::flush_interval) and [`max_batch_bytes`](Self::max_batch_bytes) trigger a send.
        batch_size: usize,
        /// Sets the longest time an entry waits to be batched with others. Default 5 s, at least 1 ms.
        flush_interval: Duration,
        /// Sets the maximum number of undelivered entries in the buffer. Default 10,000, range 1 to 100,000,000.
        ///
        /// The limit is exact up to 2,048 entries, and within 1 % above that.
        max_buffer_size: usize,
        /// Sets the maximum size of undelivered entries in the buffer, in bytes. Default 64 MiB, at least 1 KiB.
        ///
        /// Entries are buffered in a compact form. A small entry takes about a third of its size in a request.
        max_buffer_bytes: usize,
        /// Sets what to do with a new entry when the buffer is full. Default [`DropPolicy::Newest`].
        drop_policy: DropPolicy,
        /// Sets the maximum size of a request body in bytes. A single larger entry is sent on its own. Default 1 MB
        /// (the limit of a stock nginx in front of the server), range 1 KiB to 50 MiB (the server's limit).
        max_batch_bytes: usize,
        /// Sets the maximum number of concurrent requests. Default 1, range 1 to 64. With more than 1, entries can
        /// arrive out of order.
        max_in_flight: usize,
        /// Sets the number of retries after the first attempt to send a batch. Default 3, range 0 to 100.
        /// [`give_up`](Self::give_up) decides what happens to the batch after that.
        max_retries: u32,
        /// Sets what happens to a batch when all its attempts have failed. Default [`GiveUp::Never`]: it stays in the
        /// buffer until it is delivered.
        give_up: GiveUp,
        /// Sets the delay before the first retry. Default 1 s, range 1 ms to 60 s. The delay doubles with each retry,
        /// with 0 to 25 % jitter, up to 60 s.
        retry_delay: Duration,
        /// Sets how many consecutive failures open the circuit breaker. Default 5, at least 1. A batch counts as one
        /// failure once its retries are used up.
        circuit_breaker_threshold: u32,
        /// Sets how long the circuit breaker stays open before it probes the server. Default 30 s, at least 1 ms.
        circuit_breaker_reset: Duration,
        /// Sets the total time limit of a request. Default 30 s, at least 1 ms.
        request_timeout: Duration,
        /// Sets the time limit of [`Client::flush`](crate::Client::flush). Default 10 s.
        flush_timeout: Duration,
        /// Sets the time limit of [`Client::close`](crate::Client::close). Default 5 s.
        ///
        /// It also applies when the last handle is dropped, and when the process exits with a client that was not
        /// closed.
        shutdown_timeout: Duration,
        /// Sets whether [`Client::metrics`](crate::Client::metrics) reports figures. Default true.
        enable_metrics: bool,
        /// Sets whether the client reports on standard error what it sends, retries and drops. Default false. The API
        /// key is never printed.
        ///
        /// When this is off, the client still prints one line for each outage that outlasts the retries. See
        /// [`outage_notice`](Self::outage_notice).
        ///
        /// If SIGPIPE has its default action, a write to a closed standard error ends the process, as any other write
        /// to it does. This applies with this option on or off. Rust programs ignore SIGPIPE by default.
        debug: bool,
        /// Sets whether one line on standard error reports an outage when [`debug`](Self::debug) is off. Default true.
        ///
        /// Turn it off in programs that report outages themselves with [`on_event`](Self::on_event), or that must not
        /// write to the terminal.
        outage_notice: bool,
        /// Sets whether entries without a trace id get a new one each. Default false.
        auto_trace_id: bool,
        /// Sets the lowest level that the level methods and macros log. Default [`Level::Debug`], which logs all
        /// levels.
        ///
        /// [`Client::set_min_level`](crate::Client::set_min_level) changes it at run time. Layers, loggers and
        /// middleware have filters of their own and ignore it.
        min_level: Level,
        /// Sets the fraction of entries to keep. Default 1.0, range 0.0 to 1.0.
        ///
        /// Sampling follows [`before_send`](Self::before_send). Entries of the same trace are kept or discarded
        /// together.
        sample_rate: f64,
        /// Sets the size limits of fields and entries. Default 10 KiB and 100 KiB, see [`PayloadLimits`].
        payload_limits: PayloadLimits,
        /// Sets which metadata is redacted because its key names a secret, see [`Redaction`].
        redaction: Redaction,
        /// Sets whether integrations may add personal data: addresses, user agents and queries. Default false. What the
        /// application itself logs is not affected.
        send_default_pii: bool,
        /// Sets the format in which errors are sent. Default [`ErrorFormat::Both`].
        error_format: ErrorFormat,
        /// Sets whether every error is logged with the stack frames of its log call. Default false, regardless of
        /// `RUST_BACKTRACE`. Errors always have the location of the log call, and panics always have frames.
        ///
        /// The log call captures the stack's addresses, which takes some microseconds. The standard library lets only
        /// one thread at a time capture a stack or resolve names. The log call of an error therefore waits about a
        /// millisecond while the names of another error are resolved. The first resolution in a process reads the
        /// program's debug information: in a large program, errors logged meanwhile can wait for seconds.
        ///
        /// Names are resolved on a separate thread while the entry and those behind it wait. The wait is at most 5
        /// seconds, and at most three quarters of the time limit of a flush or close. There is no wait when less than a
        /// quarter of the buffer is free. An error has only the location of its log call if its names arrive too late,
        /// or if 1,000 other errors are waiting in the process.
        attach_stacktrace: bool,
        /// Sets the maximum number of breadcrumbs in a scope. Default 100, range 0 to 1,000. The scope keeps the
        /// latest. A scope that is created without a client keeps 100 until it is entered.
        max_breadcrumbs: usize,
    }

    /// The maximum number of waiting entries. With a spool only their size is limited, since writing a burst to disk
    /// takes time.
    pub(crate) fn max_entries(&self) -> usize {
        if self.has_spool() { check::MAX_ENTRIES } else { self.max_buffer_size }
    }

    /// Whether entries are written to a spool.
    pub(crate) fn has_spool(&self) -> bool {
        #[cfg(feature = "spool")]
        return self.spool.dir.is_some();
        #[cfg(not(feature = "spool"))]
        false
    }

    /// Whether a log call waits until its entry is synced to disk.
    #[inline]
    pub(crate) fn waits_for_sync(&self) -> bool {
        #[cfg(feature = "spool")]
        return self.spool.durability == Some(Durability::Always) && self.spool.dir.is_some();
        #[cfg(not(feature = "spool"))]
        false
    }

    /// Sets metadata to add to every entry. A key of the entry itself takes precedence.
    #[must_use]
    #[track_caller]
    pub fn global_metadata(mut self, metadata: impl IntoMetadata) -> Self {
        self.global_metadata = Metadata::from_fields(metadata);
        self
    }

    /// Sets a function that receives every breadcrumb before it is stored. It returns the breadcrumb, changed or not,
    /// or `None` to discard it.
    ///
    /// The function sees every breadcrumb of a scope: from [`Client::add_breadcrumb`](crate::Client::add_breadcrumb),
    /// from [`Client::configure_scope`](crate::Client::configure_scope), and from scopes that are created elsewhere and
    /// entered later. It runs once for each breadcrumb, on the thread that adds it, enters its scope, or logs the first
    /// entry in the scope.
    ///
    /// If the function panics, the breadcrumb is stored unchanged, and [`Event::HookPanicked`] is reported once, along
    /// with the next event. Breadcrumbs that the function itself adds with its client are dropped.
    #[must_use]
    pub fn before_breadcrumb(
        mut self,
        hook: impl Fn(Breadcrumb) -> Option<Breadcrumb> + Send + Sync + 'static,
    ) -> Self {
        self.before_breadcrumb = Some(BreadcrumbHook { call: Arc::new(hook), panic: Arc::default() });
        self
    }

    /// Sets a callback that receives every [`Event`]: what is sent, retried and dropped. It runs on the delivery thread
    /// and should return quickly.
    #[must_use]
    pub fn on_event(mut self, hook: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.on_event = Some(Arc::new(hook));
        self
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("ClientOptions");
        debug
            .field("api_url", &connection::without_user_info(&self.api_url))
            .field("api_key", &self.api_key)
            .field("batch_size", &self.batch_size)
            .field("flush_interval", &self.flush_interval)
            .field("max_buffer_size", &self.max_buffer_size)
            .field("max_buffer_bytes", &self.max_buffer_bytes)
            .field("drop_policy", &self.drop_policy)
            .field("max_batch_bytes", &self.max_batch_bytes)
            .field("max_in_flight", &self.max_in_flight)
            .field("max_retries", &self.max_retries)
            .field("give_up", &self.give_up)
            .field("retry_delay", &self.retry_delay)
            .field("circuit_breaker_threshold", &self.circuit_breaker_threshold)
            .field("circuit_breaker_reset", &self.circuit_breaker_reset)
            .field("request_timeout", &self.request_timeout)
            .field("flush_timeout", &self.flush_timeout)
            .field("shutdown_timeout", &self.shutdown_timeout)
            .field("enable_metrics", &self.enable_metrics)
            .field("debug", &self.debug)
            .field("outage_notice", &self.outage_notice)
            .field("global_metadata", &self.global_metadata)
            .field("auto_trace_id", &self.auto_trace_id)
            .field("event_ids", &self.event_ids)
            .field("sequence_numbers", &self.sequence_numbers)
            .field("min_level", &self.min_level)
            .field("sample_rate", &self.sample_rate)
            .field("service", &self.service)
            .field("environment", &self.environment)
            .field("release", &self.release)
            .field("server_name", &self.server_name)
            .field("payload_limits", &self.payload_limits)
            .field("redaction", &self.redaction)
            .field("send_default_pii", &self.send_default_pii)
            .field("error_format", &self.error_format)
            .field("attach_stacktrace", &self.attach_stacktrace)
            .field("max_breadcrumbs", &self.max_breadcrumbs)
            .field("headers", &connection::names(&self.headers))
            .field("http", &self.http)
            .field("shared", &self.shared.is_some());
        #[cfg(feature = "spool")]
        self.spool.debug(&mut debug);
        #[cfg(feature = "otlp")]
        self.otlp.debug(&mut debug);
        debug.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
