//! The guard of the program's client.

use std::time::Duration;

use logtide_core::FlushReport;

use crate::Client;

/// Keeps the program's client. When dropped, it closes the client, within
/// [`shutdown_timeout`](crate::ClientOptions::shutdown_timeout).
///
/// Hold it until the end of `main` with `let _guard = …`; `let _ = …` drops it at once. In async code, await
/// `guard.client().close()` first, which blocks no thread.
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

    /// Returns the client.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Closes the client as dropping the guard does, with the given time limit. Returns how many entries were delivered
    /// and lost.
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
