//! What keeps the program's client.

use std::time::Duration;

use logtide_core::FlushReport;

use crate::Client;

/// Keeps the program's client; when it is dropped the client is closed, within
/// [`shutdown_timeout`](crate::ClientOptions::shutdown_timeout).
///
/// Hold it to the end of `main`: `let _guard = …`, not `let _ = …`, which drops it at once. In async code
/// `guard.client().close().await` before that blocks no thread.
#[derive(Debug)]
#[must_use = "the client is closed when its guard is dropped: hold it to the end of main"]
pub struct Guard {
    client: Client,
    is_closed: bool,
}

impl Guard {
    pub(super) const fn new(client: Client) -> Self {
        Self { client, is_closed: false }
    }

    /// The client.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Closes the client as the drop does, with a time limit of its own, and says what became of the entries.
    pub fn close_blocking(mut self, timeout: Duration) -> FlushReport {
        self.is_closed = true;
        super::uninstall();
        self.client.close_blocking(timeout)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.is_closed {
            super::uninstall();
            self.client.close_in_drop();
        }
    }
}
