//! Heartbeats.

use logtide_query::{QueryError, block_on};

use super::calls;
use crate::Client;

/// Heartbeats for the server's monitors. Any API key of the monitor's project works, also a write-only one.
impl Client {
    calls! {
        /// Sends a heartbeat to a monitor. `monitor_id` is the UUID that the project's pages show.
        ///
        /// A call sends one heartbeat and does not retry it. Call it as often as the monitor expects, or at the end of
        /// each run of a job. The server accepts up to 600 per minute; beyond that, a call waits as long as the server
        /// asks.
        ///
        /// ```
        /// # use std::sync::Arc;
        /// # use logtide_client::{Client, ClientOptions};
        /// # use logtide_transport::{MemoryTransport, Reply};
        /// # let transport = MemoryTransport::responding(|_| Reply::status(204));
        /// # let options = ClientOptions::new("http://localhost:8080", "lp_your_key");
        /// # let client = Client::with_transport(options, Arc::new(transport.clone()))?;
        /// // In a job that runs every hour, after its work:
        /// if let Err(error) = client.heartbeat_blocking("8d7f0f1e-6c0a-4b7e-9d44-0c7c0d1f2a3b") {
        ///     client.warn("nightly-job", "no heartbeat was sent", &error);
        /// }
        /// # assert!(transport.requests()[0].uri.path().ends_with("/heartbeat"));
        /// # Ok::<(), logtide_client::OptionsError>(())
        /// ```
        ///
        /// # Errors
        ///
        /// Returns an error if the id is empty, or if the server cannot be reached, does not answer in time, or rejects
        /// the key. A response with status 500 causes [`QueryError::HeartbeatFailed`]; the server sends it for a
        /// monitor that it does not find.
        heartbeat, heartbeat_blocking(monitor_id: &str) -> ();
    }
}
