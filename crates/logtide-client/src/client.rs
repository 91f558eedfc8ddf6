//! The client, with which programs log.

mod api_key;
mod before_send;
mod delivery;
mod fallback_trace;
#[cfg(not(shuttle))]
mod following;
mod handle;
mod identities;
mod kind;
mod now;
pub(crate) mod panic_hook;
#[cfg(not(shuttle))]
mod reading;
mod scope;
mod submit;
mod trace;

use std::{
    fmt::{self, Display},
    panic::Location,
    sync::Arc,
    time::Duration,
};

use logtide_core::{CircuitState, FlushReport, IntoMetadata, Level, LogEntry};
use logtide_transport::{HttpTransport, Transport};

pub use self::now::now_nanos;
pub(crate) use self::{handle::Handle, panic_hook::is_logging_panic};
use crate::{ClientMetrics, ClientOptions, OptionsError, Service, global, worker::End};

/// A client of a LogTide server: logs entries, queries them and sends heartbeats.
///
/// Handles are cheap to clone and can be used from any thread, inside and outside async runtimes. A log call writes its
/// entry to a buffer in a compact form. It never waits for the network, never panics and never fails.
///
/// # Log calls
///
/// A level method takes the service, the message and metadata. Metadata is any [`IntoMetadata`]; use `()` for none. An
/// empty service stands for the [default service](ClientOptions::service). With the level macros, service and metadata
/// are optional. To log several entries under one service, use a [`Service`].
///
/// ```
/// use logtide_client::info;
///
/// # fn example(client: &logtide_client::Client) {
/// client.info("api", "server started", [("port", 3000)]);
/// info!(client, service: "api", "server started", port = 3000); // the same
/// info!(client, "server started"); // without metadata, of the default service
/// # }
/// ```
///
/// # Shutting down
///
/// Dropping the last handle closes the client. The drop blocks its thread for up to
/// [`shutdown_timeout`](ClientOptions::shutdown_timeout). In async code, await [`close`](Self::close) first, which lets
/// other tasks continue. A server that runs until SIGTERM closes its client after its last request:
///
/// ```
/// # async fn example(client: logtide_client::Client) -> std::io::Result<()> {
/// # mod tokio { pub mod signal { pub mod unix {
/// #     pub struct Signal;
/// #     impl Signal { pub async fn recv(&mut self) -> Option<()> { None } }
/// #     pub struct SignalKind;
/// #     impl SignalKind { pub fn terminate() -> Self { Self } }
/// #     pub fn signal(_: SignalKind) -> std::io::Result<Signal> { Ok(Signal) }
/// # } } }
/// use tokio::signal::unix::{SignalKind, signal};
///
/// let mut sigterm = signal(SignalKind::terminate())?;
/// sigterm.recv().await;
/// client.close().await;
/// # Ok(())
/// # }
/// ```
///
/// A client that is never dropped is closed when the process exits, within `shutdown_timeout`. Examples are a client in
/// a `static`, a leaked one, and any client at `std::process::exit`. Several clients close concurrently. This requires
/// a normal exit: after a fatal signal, `abort` or `_exit`, nothing is delivered. The same applies to
/// `std::process::exit` on Windows, which runs no exit handlers then.
///
/// # Forked processes
///
/// A forked child can log with the same client. It delivers its own entries with a worker of its own, and only the
/// parent delivers the entries that waited at the fork. A parent that calls `_exit` right after the fork, as
/// `daemon(3)` does, must call [`flush_blocking`](Self::flush_blocking) before it. A log call in a child never waits
/// for a lock that another thread of the parent held. A child created with a bare `clone` system call, without the C
/// library's `fork`, cannot be told from its parent.
///
/// The standard library has a lock for capturing stacks and resolving names. The fork can happen while a thread of the
/// parent holds it for the SDK, or runs a panic hook that the SDK calls. The child would then wait for that lock
/// forever. It therefore logs errors and panics without frames, and the [panic hook](Self::install_panic_hook) does not
/// call the previously set hook.
///
/// # Allocators that log
///
/// The SDK holds no lock while a log call allocates or frees memory, so the program's global allocator may log. Log
/// calls inside log calls are logged to a depth of three. Deeper ones are dropped as
/// [`DropReason::Nested`](logtide_core::DropReason::Nested).
#[derive(Clone)]
pub struct Client {
    handle: Arc<Handle>,
    /// `None` in a detached handle.
    _owner: Option<Arc<Owner>>,
}

/// Closes the client when the last handle that owns it is dropped.
struct Owner(Arc<Handle>);

/// Defines the five level methods: those of a client take the service as an argument, those of a service do not.
macro_rules! level_methods {
    ($($service:ident)?) => {
        $crate::client::level_methods! {@
            $($service)?;
            #[doc = "Logs details that help to find a fault."] debug Debug,
            #[doc = "Logs what the program does."] info Info,
            #[doc = "Logs something unexpected that the program coped with."] warn Warn,
            #[doc = "Logs that something failed. `&error` as metadata adds the error with its causes."] error Error,
            #[doc = "Logs that the program, or a large part of it, cannot go on."] critical Critical,
        }
    };
    (@ ; $(#[$doc:meta] $name:ident $level:ident,)*) => {$(
        #[$doc]
        #[track_caller]
        #[inline]
        pub fn $name(&self, message: impl Display, metadata: impl IntoMetadata) {
            if self.client.enabled(Level::$level) {
                self.client.log_call(Location::caller(), Level::$level, &self.name, message, metadata);
            }
        }
    )*};
    (@ $service:ident; $(#[$doc:meta] $name:ident $level:ident,)*) => {$(
        #[$doc]
        #[track_caller]
        #[inline]
        pub fn $name(&self, $service: &str, message: impl Display, metadata: impl IntoMetadata) {
            if self.enabled(Level::$level) {
                self.log_call(Location::caller(), Level::$level, $service, message, metadata);
            }
        }
    )*};
}
pub(crate) use level_methods;

impl Client {
    /// Creates a client that sends over the network. It sends nothing and starts no thread until the first entry. For
    /// an `https` address it reads the system's certificates.
    ///
    /// # Errors
    ///
    /// Returns an error if an option is out of range, the server's address or key is not valid, or no connection to the
    /// address is possible. The last is the case if the environment names a proxy that cannot be used, or if the system
    /// has no CA certificates. The error never shows the key.
    pub fn new(options: ClientOptions) -> Result<Self, OptionsError> {
        options.check()?;
        let transport: Arc<dyn Transport> = match &options.shared {
            Some(shared) => shared.transport.clone(),
            None => Arc::new(HttpTransport::new(options.http.clone()).map_err(OptionsError::Http)?),
        };
        Self::with_transport(options, transport)
    }

    /// Creates a client that sends through the given transport, for example an in-memory transport in tests.
    ///
    /// # Errors
    ///
    /// As for [`Client::new`].
    pub fn with_transport(
        options: ClientOptions,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, OptionsError> {
        options.check()?;
        let [endpoint, target] = options.endpoints()?;
        transport.check(&target).map_err(OptionsError::Http)?;
        let handle = Handle::new(options, endpoint, target, transport);
        handle.start_with_spool();
        Ok(Self { _owner: Some(Arc::new(Owner(handle.clone()))), handle })
    }

    /// Returns a handle that does not keep the client open.
    ///
    /// **Keep a regular handle for as long as the client should log.** When the last one is dropped, the client closes
    /// and sends nothing more. Entries logged through a detached handle after that are counted as dropped.
    ///
    /// Use it where a handle lives as long as the process, as in a global logger.
    #[must_use]
    pub fn detached(&self) -> Self {
        Self::of(self.handle.clone())
    }

    level_methods!(service);

    /// Logs at a level chosen at run time, like the level methods.
    ///
    /// ```
    /// use logtide_core::Level;
    ///
    /// # fn example(client: &logtide_client::Client, status: u16) {
    /// let level = if status < 500 { Level::Info } else { Level::Error };
    /// client.log_at(level, "api", "request completed", [("status", status)]);
    /// # }
    /// ```
    #[track_caller]
    #[inline]
    pub fn log_at(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
        if self.enabled(level) {
            self.log_call(Location::caller(), level, service, message, metadata);
        }
    }

    /// Logs a complete entry, regardless of [`min_level`](ClientOptions::min_level).
    #[track_caller]
    pub fn log(&self, entry: LogEntry) {
        self.log_entry(Location::caller(), &entry.service, &entry);
    }

    /// Logs an entry under the given service name instead of its own.
    pub(crate) fn log_entry(&self, location: &'static Location<'static>, service: &str, entry: &LogEntry) {
        let (mut head, location) = (entry.head(), location.into());
        (head.service, head.location) = (service, Some(&location));
        self.submit_once(&head, None, |fields| {
            fields.message(&entry.message);
            fields.metadata(&entry.metadata);
        });
    }

    /// Sets the lowest level that the level methods and macros log. The initial value is [`ClientOptions::min_level`].
    pub fn set_min_level(&self, level: Level) {
        self.handle.set_min_level(level);
        global::set_min_level(&self.handle);
    }

    /// Returns whether the level methods and macros log entries of the given level.
    #[must_use]
    #[inline]
    pub fn enabled(&self, level: Level) -> bool {
        self.handle.enabled(level)
    }

    /// Returns a handle that logs under the given service name.
    #[must_use]
    pub fn service(&self, name: &str) -> Service {
        Service::new(self.clone(), name)
    }

    /// Returns a handle that logs under the default service, see [`ClientOptions::service`].
    ///
    /// ```
    /// # fn example(client: &logtide_client::Client) {
    /// client.default_service().info("server started", [("port", 3000)]);
    /// # }
    /// ```
    #[must_use]
    pub fn default_service(&self) -> Service {
        self.service(&self.handle.options().service)
    }

    /// Installs a panic hook that logs each panic as a critical entry and delivers it at once. The entry has the
    /// panic's message, location, thread and frames.
    ///
    /// The panicking thread waits for the delivery, at most for [`flush_timeout`](ClientOptions::flush_timeout) and at
    /// most 2 seconds. The hook then calls the previously set hook. Threads that panic at the same time share one
    /// deadline. After a wait in which nothing was delivered, no thread waits until something is delivered; such
    /// entries are sent with the next ones.
    ///
    /// The hook stays installed when the client closes, and then does nothing. A second call has no effect. Panics on
    /// the SDK's own threads are not logged. `before_send` and `before_breadcrumb` do not run; breadcrumbs that have
    /// not yet passed `before_breadcrumb` are left out. Entries are logged under the
    /// [default service](ClientOptions::service); use [`Service::install_panic_hook`] for another.
    pub fn install_panic_hook(&self) {
        self.install_panic_hook_for("");
    }

    pub(crate) fn install_panic_hook_for(&self, service: &str) {
        panic_hook::install(Arc::downgrade(&self.handle), service);
    }

    /// Delivers all entries logged before this call, within [`flush_timeout`](ClientOptions::flush_timeout). Returns
    /// how many entries were delivered and lost since the last report.
    ///
    /// It waits until each entry is delivered or lost. Entries that cannot be delivered in time stay pending and are
    /// delivered later. A batch whose retries are used up is tried at once; one with retries left keeps its delay.
    /// While the circuit breaker is open, the flush returns at once. It works on any async runtime and never fails.
    pub async fn flush(&self) -> FlushReport {
        self.handle.settle(End::Flush, self.flush_timeout()).await
    }

    /// Like [`Client::flush`], with the given time limit.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # async fn example(client: logtide_client::Client) {
    /// let report = client.flush_within(Duration::from_secs(2)).await;
    /// if !report.is_complete() {
    ///     eprintln!("{report}");
    /// }
    /// # }
    /// ```
    pub async fn flush_within(&self, timeout: Duration) -> FlushReport {
        self.handle.settle(End::Flush, timeout).await
    }

    /// Like [`Client::flush_within`], but blocks the calling thread.
    pub fn flush_blocking(&self, timeout: Duration) -> FlushReport {
        self.handle.settle_blocking(End::Flush, timeout)
    }

    /// Rejects further entries and delivers those logged before, within
    /// [`shutdown_timeout`](ClientOptions::shutdown_timeout). Returns how many entries were delivered and lost since
    /// the client was created.
    ///
    /// It sends at once, even while the circuit breaker is open or the server has asked for a longer wait than the time
    /// limit allows. It sends again after each failure, and a last time half a second before the deadline. Entries that
    /// cannot be delivered in time are lost and counted. Later log calls only count their entries as dropped. A second
    /// call waits for the first and returns the same report.
    pub async fn close(&self) -> FlushReport {
        self.handle.settle(End::Close, self.handle.options().shutdown_timeout).await
    }

    /// Like [`Client::close`], with the given time limit.
    pub async fn close_within(&self, timeout: Duration) -> FlushReport {
        self.handle.settle(End::Close, timeout).await
    }

    /// Like [`Client::close_within`], but blocks the calling thread.
    pub fn close_blocking(&self, timeout: Duration) -> FlushReport {
        self.handle.settle_blocking(End::Close, timeout)
    }

    /// Returns the time limit of [`Client::flush`], see [`ClientOptions::flush_timeout`].
    #[must_use]
    pub fn flush_timeout(&self) -> Duration {
        self.handle.options().flush_timeout
    }

    /// Returns counts of the entries so far. All are zero if [`enable_metrics`](ClientOptions::enable_metrics) is off.
    #[must_use]
    pub fn metrics(&self) -> ClientMetrics {
        self.handle.metrics()
    }

    /// Resets the metrics. Pending entries count as logged after the reset.
    pub fn reset_metrics(&self) {
        self.handle.reset_metrics();
    }

    /// Returns the state of the circuit breaker.
    #[must_use]
    pub fn circuit_breaker_state(&self) -> CircuitState {
        self.handle.circuit_breaker_state()
    }

    pub(crate) const fn handle(&self) -> &Arc<Handle> {
        &self.handle
    }

    /// Closes the client as dropping the last handle does.
    pub(crate) fn close_in_drop(&self) {
        self.handle.close_if_open();
    }

    fn of(handle: Arc<Handle>) -> Self {
        Self { handle, _owner: None }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.close_if_open();
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("options", self.handle.options())
            .field("circuit_breaker_state", &self.circuit_breaker_state())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
