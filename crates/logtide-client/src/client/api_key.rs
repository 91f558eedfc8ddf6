//! Changing the API key of a running client.

use logtide_core::ApiKey;

use super::Client;
use crate::OptionsError;

impl Client {
    /// Sets a new API key, for example to rotate keys. All handles of this client use it from their next request,
    /// whether that sends, reads, or reconnects a live tail.
    ///
    /// Requests in progress and connected streams keep the previous key. Entries that wait because the previous key was
    /// rejected are sent with the new key at their next attempt, at the latest after
    /// [`circuit_breaker_reset`](crate::ClientOptions::circuit_breaker_reset). A [`flush`](Self::flush) sends them at
    /// once while the circuit breaker is closed. A client that [shares connections](crate::ClientOptions::share_with)
    /// with this one keeps its own key.
    ///
    /// A forked child has its own key, which starts as that of its parent.
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
    /// Returns an error if the key is empty or contains characters that are not valid in a key. The previous key then
    /// stays in use. Also returns an error if the client sends only to a collector and has no LogTide server.
    pub fn set_api_key(&self, key: impl Into<String>) -> Result<(), OptionsError> {
        Ok(self.handle().endpoint().set_api_key(&ApiKey::new(key))?)
    }
}
