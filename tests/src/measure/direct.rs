//! The SDK, called through its client.

use std::time::Duration;

use logtide::{Client, ClientOptions, DropPolicy};

use super::{Plan, Result, Subject, workload};

/// [`logtide::Client`] over HTTP.
#[derive(Debug)]
pub struct Direct(Client);

/// Longer than any run takes.
const TIMEOUT: Duration = Duration::from_secs(120);

impl Direct {
    pub(super) const fn client(&self) -> &Client {
        &self.0
    }
}

impl Subject for Direct {
    fn start(plan: &Plan) -> Result<Self> {
        let mut options = ClientOptions::new(format!("http://{}", plan.address()), "lp_bench")
            .drop_policy(DropPolicy::Block(TIMEOUT));
        if plan.holds_all() {
            options = options.max_buffer_size(2_000_000).max_buffer_bytes(1 << 30);
        }
        Ok(Self(Client::new(options)?))
    }

    fn log(&self, id: u64) {
        self.0.info("bench", workload::MESSAGE, workload::fields(id));
    }

    fn flush(&self) {
        // Losses show when the client is closed.
        self.0.flush_blocking(TIMEOUT);
    }

    fn finish(self) -> Result<()> {
        let report = self.0.close_blocking(TIMEOUT);
        if report.is_complete() { Ok(()) } else { Err(format!("not all was delivered: {report:?}").into()) }
    }
}
