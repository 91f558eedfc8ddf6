//! Another key for a client that runs.

use logtide_core::ApiKey;

use super::Client;
use crate::OptionsError;

impl Client {
    /// Sets another API key, for example when keys are rotated. It goes with the next request of all handles of this client, whether that sends,
    /// reads, or connects a live tail again.
    ///
    /// Requests that are under way and streams that are connected keep the former key. Entries that wait because it was refused are
    /// sent with the new one: when they are tried again anyway, at the latest after
    /// [`circuit_breaker_reset`](crate::ClientOptions::circuit_breaker_reset), or at once with a [`flush`](Self::flush) while the circuit breaker
    /// is closed. A client that [shares connections](crate::ClientOptions::share_with) with this one keeps its own key.
    ///
    /// A child that was forked off has a key of its own, which starts as that of its parent.
    ///
    /// ```
    /// # use logtide_client::{Client, ClientOptions};
    /// let client = Client::new(ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
    /// client.set_api_key("lp_your_next_key")?;
    /// # Ok::<(), logtide_client::OptionsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The key is empty or holds characters that no key has, and the former one stays; the client knows no LogTide server but a collector.
    pub fn set_api_key(&self, key: impl Into<String>) -> Result<(), OptionsError> {
        Ok(self.handle().endpoint().set_api_key(&ApiKey::new(key))?)
    }
}
