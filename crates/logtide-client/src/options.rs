//! How a client works.

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

/// What happens to an entry that finds the buffer full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DropPolicy {
    /// The new entry is dropped.
    #[default]
    Newest,
    /// The oldest entries that are not on their way are dropped. For a moment up to twice the buffer's size is held.
    Oldest,
    /// The caller waits for room, at most this long, and then the new entry is dropped. For programs that would rather be slow
    /// than lose entries: a pipe, a batch job.
    Block(Duration),
}

/// How a client works: where it sends, how it batches, retries and buffers.
///
/// Every option has a default. Values are checked together, by [`Client::new`](crate::Client::new).
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

/// A function that is told every event.
pub(crate) type EventHook = Arc<dyn Fn(&Event) + Send + Sync>;

/// A function that changes entries or leaves them out.
pub(crate) type BeforeSend = Arc<dyn Fn(LogEntry) -> Option<LogEntry> + Send + Sync>;
/// A function that changes or drops breadcrumbs, and whether it panicked.
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
    /// Options for a server and a key.
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

    /// Options for a DSN, `scheme://key@host[:port][/base-path]`.
    ///
    /// # Errors
    ///
    /// The text is not a DSN. The error never shows the text, which may hold a key.
    pub fn from_dsn(dsn: &str) -> Result<Self, DsnError> {
        let dsn: Dsn = dsn.parse()?;
        Ok(Self::new(dsn.api_url(), dsn.api_key().expose()))
    }

    setters! {
        /// Sets how many waiting entries make a batch due at once. Default 100, at least 1.
        ///
        /// A request carries all that waits, up to the server's 1,000 entries, so a backlog leaves in large requests whatever this
        /// is. Where it is larger than the buffer, entries leave by [`flush_interval`](Self::flush_interval) and by
        /// [`max_batch_bytes`](Self::max_batch_bytes) alone.
        batch_size: usize,
        /// Sets how long an entry waits at most for others to join it. Default 5 s, at least 1 ms.
        flush_interval: Duration,
        /// Sets how many entries are held that are not yet delivered. Default 10,000, range 1 to 100,000,000.
        ///
        /// Exact up to 2,048 entries, and within 1 % beyond.
        max_buffer_size: usize,
        /// Sets how many bytes of entries are held that are not yet delivered, in the compact form in which they wait: about a third of what
        /// a small entry takes on the way. Default 64 MiB, at least 1 KiB.
        max_buffer_bytes: usize,
        /// Sets what happens when the buffer is full. Default [`DropPolicy::Newest`].
        drop_policy: DropPolicy,
        /// Sets how many bytes a request body has at most, unless a single entry is larger. Default 1 MB (what a stock nginx in
        /// front of the server lets through), range 1 KiB to 50 MiB (the server's limit).
        max_batch_bytes: usize,
        /// Sets how many requests are out at the same time. Default 1, range 1 to 64. More than 1 gives up the order of entries.
        max_in_flight: usize,
        /// Sets how many attempts a batch has after the first, until it is kept for later or given up as
        /// [`give_up`](Self::give_up) says. Default 3, range 0 to 100.
        max_retries: u32,
        /// Sets what happens to a batch whose attempts all failed. Default [`GiveUp::Never`]: it stays in the buffer until it is
        /// delivered.
        give_up: GiveUp,
        /// Sets the delay before the first retry. It doubles with each, with 0 to 25 % jitter, up to 60 s. Default 1 s, range
        /// 1 ms to 60 s.
        retry_delay: Duration,
        /// Sets how many failures in a row open the circuit breaker; a batch counts once its attempts are used up. Default 5, at
        /// least 1.
        circuit_breaker_threshold: u32,
        /// Sets how long the circuit breaker stays open before it probes the server. Default 30 s, at least 1 ms.
        circuit_breaker_reset: Duration,
        /// Sets how long a request may take in all. Default 30 s, at least 1 ms.
        request_timeout: Duration,
        /// Sets how long [`Client::flush`](crate::Client::flush) may take. Default 10 s.
        flush_timeout: Duration,
        /// Sets how long [`Client::close`](crate::Client::close) may take, and the drop of the last handle or the end of the process
        /// with a client that was not closed. Default 5 s.
        shutdown_timeout: Duration,
        /// Sets whether [`Client::metrics`](crate::Client::metrics) tells anything. Default true.
        enable_metrics: bool,
        /// Sets whether what is sent, retried and dropped is told on standard error. Default false: then one line tells that no entries
        /// arrive, once for each outage that outlasts the retries. The key is never told.
        ///
        /// In a program with SIGPIPE at its default action, a write to a standard error that nobody reads any more ends the
        /// process, as any other write there does, with this on or off. Programs in Rust ignore the signal unless they ask for it.
        debug: bool,
        /// Sets whether one line on standard error tells that no entries arrive, with [`debug`](Self::debug) off. Default true.
        ///
        /// For programs that tell it themselves, as [`on_event`](Self::on_event) lets them, or whose terminal is not to be written to.
        outage_notice: bool,
        /// Sets whether entries without a trace id get one of their own. Default false.
        auto_trace_id: bool,
        /// Sets the lowest level that the level methods and macros log. Default [`Level::Debug`], which is all.
        ///
        /// [`Client::set_min_level`](crate::Client::set_min_level) changes it later. What layers, loggers and middleware log is theirs to filter.
        min_level: Level,
        /// Sets the share of entries that are kept. Default 1.0, range 0.0 to 1.0.
        ///
        /// It is applied after [`before_send`](Self::before_send). Entries of one trace are kept or left out together.
        sample_rate: f64,
        /// Sets how large fields and entries may be. Default 10 KiB and 100 KiB, see [`PayloadLimits`].
        payload_limits: PayloadLimits,
        /// Sets which metadata is not sent because its key names a secret, see [`Redaction`].
        redaction: Redaction,
        /// Sets whether what is built on the client may add personal data of its own accord: addresses, user agents, queries. Default
        /// false. What the application itself logs is not affected.
        send_default_pii: bool,
        /// Sets in which form errors are written. Default [`ErrorFormat::Both`].
        error_format: ErrorFormat,
        /// Sets whether every error is logged with the frames of its log call. Default false, whatever `RUST_BACKTRACE` says. The place
        /// of the log call is always there, and panics always have their frames.
        ///
        /// The log call takes the stack's addresses, some microseconds. The standard library lets one thread at a time do that or look
        /// names up, so the log call of an error waits while the names of another error are looked up, about a millisecond. The first
        /// look-up of a process reads the program's debug information: with a large program, errors logged meanwhile may wait for
        /// seconds.
        ///
        /// Names are looked up on a thread of their own while the entry and those behind it wait: 5 seconds at most, at most three
        /// quarters of the time that a flush or close has, and not when less than a quarter of the buffer is free. An error whose names
        /// come too late, or that finds 1,000 others waiting in the process, has the place of its log call alone.
        attach_stacktrace: bool,
        /// Sets how many breadcrumbs a scope keeps, the latest. Default 100, range 0 to 1,000. A scope made without a client keeps 100
        /// until it is entered.
        max_breadcrumbs: usize,
    }

    /// How many entries may wait: with a spool only their bytes are bounded, since the disk needs a moment for a burst.
    pub(crate) fn most_entries(&self) -> usize {
        if self.has_spool() { check::MOST_ENTRIES } else { self.max_buffer_size }
    }

    /// Whether entries are kept in files.
    pub(crate) fn has_spool(&self) -> bool {
        #[cfg(feature = "spool")]
        return self.spool.dir.is_some();
        #[cfg(not(feature = "spool"))]
        false
    }

    /// Whether a log call returns when its entry is synced.
    #[inline]
    pub(crate) fn waits_for_sync(&self) -> bool {
        #[cfg(feature = "spool")]
        return self.spool.durability == Some(Durability::Always) && self.spool.dir.is_some();
        #[cfg(not(feature = "spool"))]
        false
    }

    /// Sets metadata that goes with every entry. A key that the entry has itself wins.
    #[must_use]
    #[track_caller]
    pub fn global_metadata(mut self, metadata: impl IntoMetadata) -> Self {
        self.global_metadata = Metadata::from_fields(metadata);
        self
    }

    /// Sets a function that every breadcrumb passes before it is kept, changed or not; `None` drops it.
    ///
    /// Every way into a scope's breadcrumbs leads through it: [`Client::add_breadcrumb`](crate::Client::add_breadcrumb),
    /// [`Client::configure_scope`](crate::Client::configure_scope), and scopes that are made elsewhere and entered later. It runs once for
    /// each breadcrumb, in the thread that adds it, enters its scope, or logs the first entry there.
    ///
    /// When it panics, the breadcrumb is kept as it was, and [`Event::HookPanicked`] is told once, with the next that happens to the
    /// entries. A breadcrumb that the function itself adds with its client is dropped.
    #[must_use]
    pub fn before_breadcrumb(
        mut self,
        hook: impl Fn(Breadcrumb) -> Option<Breadcrumb> + Send + Sync + 'static,
    ) -> Self {
        self.before_breadcrumb = Some(BreadcrumbHook { call: Arc::new(hook), panic: Arc::default() });
        self
    }

    /// Sets a function that is told what is sent, retried and dropped. It runs on the delivery thread and should return soon.
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
