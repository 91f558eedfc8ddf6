//! Log calls under one service name.

use std::{fmt::Display, panic::Location, sync::Arc};

use logtide_core::{IntoMetadata, Level, LogEntry};

use crate::{Client, client::level_methods};

/// Logs under one service name. Created by [`Client::service`]; cheap to clone.
///
/// ```
/// # let client = logtide_client::Client::with_transport(
/// #     logtide_client::ClientOptions::new("http://localhost:8080", "lp_your_key"),
/// #     std::sync::Arc::new(logtide_transport::MemoryTransport::new()),
/// # )?;
/// let gateway = client.service("api-gateway");
/// gateway.info("server started", [("port", 3000)]);
/// # Ok::<(), logtide_client::OptionsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Service {
    client: Client,
    name: Arc<str>,
}

impl Service {
    pub(crate) fn new(client: Client, name: &str) -> Self {
        Self { client, name: name.into() }
    }

    /// Returns the service name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the client.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    level_methods!();

    /// Logs at a level chosen at run time, like the level methods.
    #[track_caller]
    #[inline]
    pub fn log_at(&self, level: Level, message: impl Display, metadata: impl IntoMetadata) {
        if self.client.enabled(level) {
            self.client.log_call(Location::caller(), level, &self.name, message, metadata);
        }
    }

    /// Logs a complete entry like [`Client::log`], under this service name instead of the entry's own.
    ///
    /// ```
    /// use logtide_core::{Level, LogEntry};
    ///
    /// # fn example(gateway: &logtide_client::Service) {
    /// gateway.log(LogEntry::new(Level::Info, "", "request completed").session_id("5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f"));
    /// # }
    /// ```
    #[track_caller]
    pub fn log(&self, entry: LogEntry) {
        self.client.log_entry(Location::caller(), &self.name, &entry);
    }

    /// Like [`Client::install_panic_hook`], with entries under this service name.
    pub fn install_panic_hook(&self) {
        self.client.install_panic_hook_for(&self.name);
    }
}
