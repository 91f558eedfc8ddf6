//! Heartbeats.

use logtide_query::{QueryError, block_on};

use super::calls;
use crate::Client;

/// Heartbeats for the server's monitors. Any key of the monitor's project will do, also one that may only write.
impl Client {
    calls! {
        /// Tells a heartbeat monitor that what it watches is alive. `monitor_id` is the id that the project's pages show, a uuid.
        ///
        /// A call sends one heartbeat and does not repeat it after a failure: call it as often as the monitor expects one, or at the end
        /// of each run of a job. The server takes up to 600 a minute; beyond these a call waits as long as the server says.
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
        /// The id is empty; the server cannot be reached, does not answer in time, or refuses the key; [`QueryError::HeartbeatFailed`]
        /// where it answers 500, as it does for a monitor that it does not find.
        heartbeat, heartbeat_blocking(monitor_id: &str) -> ();
    }
}
