//! The handle that programs log with.

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

/// Logs to a LogTide server, reads back from it, and tells its monitors that the program is alive.
///
/// Handles are cheap to clone and can be used from any thread, inside and outside any async runtime. A log call writes its entry in a compact
/// form and leaves it in a buffer; it never waits for the network, never panics and never fails.
///
/// # Log calls
///
/// A level method takes the service, the message and metadata: anything that is [`IntoMetadata`], and `()` where there is none. An empty
/// service is the [default one](ClientOptions::service). The level macros take a client in front and leave out what is not there. Several
/// entries of one service are best logged with a [`Service`].
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
/// # The end of the program
///
/// The last handle that is dropped closes the client and blocks its thread for that, at most for
/// [`shutdown_timeout`](ClientOptions::shutdown_timeout). On a thread of an async runtime, [`close`](Self::close) and an `await` before
/// that is better: other tasks go on meanwhile. A server that runs until it is told to end does so after its last request:
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
/// A client that nobody drops, because it is in a `static`, was leaked, or `std::process::exit` was called, is closed when the process
/// ends, also within `shutdown_timeout`; several clients at once. That needs an ordinary end: a signal that kills, `abort` and `_exit`
/// deliver nothing, and neither does `std::process::exit` on Windows, where the system runs no handlers then.
///
/// # Forks
///
/// A child that was forked off logs with the same client and delivers its own entries with a worker of its own. What waited at the
/// fork is delivered by the parent alone; a parent that ends at once with `_exit`, as `daemon(3)` does it, calls
/// [`flush_blocking`](Self::flush_blocking) before the fork. A log call in a child waits for no lock that another thread of the parent
/// held. A child that was made with a bare `clone` system call, past the C library's `fork`, is taken for its parent.
///
/// The standard library has a lock for stacks and the names in them. A child that is forked while a thread of the parent uses it for
/// the SDK, or is in a panic hook that the SDK calls, would wait for that lock for ever: it logs errors and panics without frames, and
/// the [panic hook](Self::install_panic_hook) does not call the one that was set before.
///
/// # Allocators that log
///
/// No lock of the SDK is held while a log call allocates or frees memory, so the global allocator of the program may log. Log calls
/// inside of log calls are taken to a depth of three; what lies deeper is dropped as
/// [`DropReason::Nested`](logtide_core::DropReason::Nested).
#[derive(Clone)]
pub struct Client {
    handle: Arc<Handle>,
    /// None in a detached handle.
    _owner: Option<Arc<Owner>>,
}

/// Closes the client when the last handle that holds it is dropped.
struct Owner(Arc<Handle>);

/// The five level methods: of a client, with the service as an argument, and of a service.
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
            if self.client.takes(Level::$level) {
                self.client.log_call(Location::caller(), Level::$level, &self.name, message, metadata);
            }
        }
    )*};
    (@ $service:ident; $(#[$doc:meta] $name:ident $level:ident,)*) => {$(
        #[$doc]
        #[track_caller]
        #[inline]
        pub fn $name(&self, $service: &str, message: impl Display, metadata: impl IntoMetadata) {
            if self.takes(Level::$level) {
                self.log_call(Location::caller(), Level::$level, $service, message, metadata);
            }
        }
    )*};
}
pub(crate) use level_methods;

impl Client {
    /// Makes a client that sends over the network. Nothing is sent and no thread is started before the first entry. For an `https`
    /// address the certificates of the system are read.
    ///
    /// # Errors
    ///
    /// An option is out of its range, the server's address or key does not work, or no connection to that address is possible: the
    /// environment names a proxy that cannot be used, or the system has no certificates of authorities. No error shows the key.
    pub fn new(options: ClientOptions) -> Result<Self, OptionsError> {
        options.check()?;
        let transport: Arc<dyn Transport> = match &options.shared {
            Some(shared) => shared.transport.clone(),
            None => Arc::new(HttpTransport::new(options.http.clone()).map_err(OptionsError::Http)?),
        };
        Self::with_transport(options, transport)
    }

    /// Makes a client that sends through a transport of the caller's, for example an in-memory one in tests.
    ///
    /// # Errors
    ///
    /// As [`Client::new`].
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

    /// Gives a handle that does not keep the client open.
    ///
    /// **Keep a handle of the client for as long as it should log: when the last one is dropped, the client is closed and nothing more is
    /// sent.** What is logged through this one then is counted as dropped.
    ///
    /// For what lives as long as the process, as a global logger does.
    #[must_use]
    pub fn detached(&self) -> Self {
        Self::of(self.handle.clone())
    }

    level_methods!(service);

    /// Logs at a level that is chosen at run time, as the level methods do.
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
        if self.takes(level) {
            self.log_call(Location::caller(), level, service, message, metadata);
        }
    }

    /// Logs an entry with everything that an entry can have, whatever [`min_level`](ClientOptions::min_level) is.
    #[track_caller]
    pub fn log(&self, entry: LogEntry) {
        self.log_entry(Location::caller(), &entry.service, &entry);
    }

    /// Logs an entry under a service name, whatever its own is.
    pub(crate) fn log_entry(&self, location: &'static Location<'static>, service: &str, entry: &LogEntry) {
        let (mut head, location) = (entry.head(), location.into());
        (head.service, head.location) = (service, Some(&location));
        self.submit_once(&head, None, |fields| {
            fields.message(&entry.message);
            fields.metadata(&entry.metadata);
        });
    }

    /// Sets the lowest level that is logged by the level methods and macros. It starts as [`ClientOptions::min_level`].
    pub fn set_min_level(&self, level: Level) {
        self.handle.set_min_level(level);
        global::set_min_level(&self.handle);
    }

    /// Whether the level methods and macros log entries of that level.
    #[must_use]
    #[inline]
    pub fn takes(&self, level: Level) -> bool {
        self.handle.takes(level)
    }

    /// Gives a handle that logs under one service name.
    #[must_use]
    pub fn service(&self, name: &str) -> Service {
        Service::new(self.clone(), name)
    }

    /// Gives a handle that logs under the default service, see [`ClientOptions::service`].
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

    /// Logs every panic of the process from now on, as a critical entry with the panic's message, place, thread and frames, and
    /// delivers it at once.
    ///
    /// The panicking thread waits for that, at most for [`flush_timeout`](ClientOptions::flush_timeout) and 2 seconds, and then
    /// the hook that was set before is called. Threads that panic at the same time wait until the same moment. After a wait in which
    /// nothing was delivered, no thread waits until something is: the entry goes out with the next ones.
    ///
    /// The hook stays when the client goes, and does nothing without one. A second call changes nothing. Panics on the SDK's own
    /// threads are not logged, and neither `before_send` nor `before_breadcrumb` is asked: breadcrumbs that have not passed the latter are
    /// left out. Entries go under the [default service](ClientOptions::service);
    /// [`Service::install_panic_hook`] gives another.
    pub fn install_panic_hook(&self) {
        self.install_panic_hook_for("");
    }

    pub(crate) fn install_panic_hook_for(&self, service: &str) {
        panic_hook::install(Arc::downgrade(&self.handle), service);
    }

    /// Delivers what was logged before the call, within [`flush_timeout`](ClientOptions::flush_timeout), and reports what was delivered
    /// and lost since the last report.
    ///
    /// It waits until each entry is delivered or lost. What cannot be delivered in time stays pending and is delivered later. A batch
    /// whose retries are used up is tried at once; one that still has retries keeps their delays. While the circuit breaker is open the
    /// flush is over at once. It works on any async runtime, and never fails.
    pub async fn flush(&self) -> FlushReport {
        self.handle.settle(End::Flush, self.flush_timeout()).await
    }

    /// As [`Client::flush`], with a time limit of its own.
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

    /// As [`Client::flush_within`], blocking the calling thread.
    pub fn flush_blocking(&self, timeout: Duration) -> FlushReport {
        self.handle.settle_blocking(End::Flush, timeout)
    }

    /// Refuses further entries, delivers what was logged before within
    /// [`shutdown_timeout`](ClientOptions::shutdown_timeout), and reports what became of all entries since the client was made.
    ///
    /// It tries at once, also while the circuit breaker is open or the server has asked for more time than there is, again after each
    /// failure, and a last time half a second before the time is up. What cannot be delivered in time is lost and counted. Log calls
    /// after it do nothing but count. A second call waits for the first and reports the same.
    pub async fn close(&self) -> FlushReport {
        self.handle.settle(End::Close, self.handle.options().shutdown_timeout).await
    }

    /// As [`Client::close`], with a time limit of its own.
    pub async fn close_within(&self, timeout: Duration) -> FlushReport {
        self.handle.settle(End::Close, timeout).await
    }

    /// As [`Client::close_within`], blocking the calling thread.
    pub fn close_blocking(&self, timeout: Duration) -> FlushReport {
        self.handle.settle_blocking(End::Close, timeout)
    }

    /// How long [`Client::flush`] waits at most, see [`ClientOptions::flush_timeout`].
    #[must_use]
    pub fn flush_timeout(&self) -> Duration {
        self.handle.options().flush_timeout
    }

    /// What became of the entries so far. All zero with [`enable_metrics`](ClientOptions::enable_metrics) off.
    #[must_use]
    pub fn metrics(&self) -> ClientMetrics {
        self.handle.metrics()
    }

    /// Starts the metrics anew. Entries that are pending count as logged since.
    pub fn reset_metrics(&self) {
        self.handle.reset_metrics();
    }

    /// The state of the circuit breaker.
    #[must_use]
    pub fn circuit_breaker_state(&self) -> CircuitState {
        self.handle.circuit_breaker_state()
    }

    pub(crate) const fn handle(&self) -> &Arc<Handle> {
        &self.handle
    }

    /// Closes as the drop of the last handle does.
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
