//! Log calls of one service.

use std::{fmt::Display, panic::Location, sync::Arc};

use logtide_core::{IntoMetadata, Level};

use crate::{Client, client::level_methods};

/// Logs under one service name. Made by [`Client::service`]; cheap to clone.
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

    /// The name under which it logs.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The client it logs with.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    level_methods!();

    /// As [`Client::install_panic_hook`], with entries under this service name.
    pub fn install_panic_hook(&self) {
        self.client.install_panic_hook_for(&self.name);
    }
}
