//! Heartbeats.

use http::Method;

use super::QueryClient;
use crate::{QueryError, answer, parameters::segment};

impl QueryClient {
    /// Sends a heartbeat to a monitor, to report that what it watches is alive.
    ///
    /// Create the monitor in the project's pages, with its interval; `monitor_id` is its id, a UUID. Any key of its
    /// project works, including one that may only write. The server accepts up to 600 heartbeats a minute. Beyond
    /// that a call waits, like all calls.
    ///
    /// A call sends one heartbeat, and does not retry after a failure.
    ///
    /// # Errors
    ///
    /// [`QueryError::InvalidMonitorId`] without sending anything; [`QueryError::HeartbeatFailed`] if the server
    /// answers 500, as it does for a monitor that it does not find; otherwise another [`QueryError`].
    pub fn heartbeat(&self, monitor_id: &str) -> impl Future<Output = Result<(), QueryError>> + Send + use<> {
        let monitor_id = monitor_id.to_owned();
        let path = segment(&monitor_id).map(|id| format!("/api/v1/monitors/{id}/heartbeat"));
        let path = path.ok_or_else(|| QueryError::InvalidMonitorId(monitor_id.clone()));
        let answer = self.ask(Method::POST, path, answer::expect_nothing);
        async { answer.await.map_err(|error| error.of_heartbeat(monitor_id)) }
    }
}
