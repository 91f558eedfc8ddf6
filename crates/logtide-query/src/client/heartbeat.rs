//! Signs of life.

use http::Method;

use super::QueryClient;
use crate::{QueryError, answer, parameters::segment};

impl QueryClient {
    /// Tells a heartbeat monitor that what it watches is alive.
    ///
    /// The monitor, and how often it expects a heartbeat, is set up in the project's pages; `monitor_id` is its id, a uuid. Any
    /// key of its project will do, also one that may only write. The server takes up to 600 heartbeats a minute; beyond these a call
    /// waits, as all calls do.
    ///
    /// A call sends one heartbeat and does not repeat it after a failure.
    ///
    /// # Errors
    ///
    /// [`QueryError::InvalidMonitorId`] where nothing is sent; [`QueryError::HeartbeatFailed`] where the server answers 500, as it
    /// does for a monitor that it does not find; otherwise one of [`QueryError`], each with what to do.
    pub fn heartbeat(&self, monitor_id: &str) -> impl Future<Output = Result<(), QueryError>> + Send + use<> {
        let monitor_id = monitor_id.to_owned();
        let path = segment(&monitor_id).map(|id| format!("/api/v1/monitors/{id}/heartbeat"));
        let path = path.ok_or_else(|| QueryError::InvalidMonitorId(monitor_id.clone()));
        let answer = self.ask(Method::POST, path, answer::expect_nothing);
        async { answer.await.map_err(|error| error.of_heartbeat(monitor_id)) }
    }
}
