//! A response that is being sent.

use std::error::Error;

use logtide_core::Scope;

use crate::{Exchange, Headers, Sending, exchange::Ending};

/// A response that is being sent. If it is dropped before the whole body is sent, the request counts as cancelled. An
/// event stream, which only the client ends, counts as closed.
///
/// Servers stop reading a body at its announced length, so the response then counts as sent. A gRPC response has its
/// status in the trailers, so it also waits for those. A body that ends before its announced length is a failure of the
/// request: the client receives a truncated response.
#[derive(Debug)]
#[must_use = "a response that is dropped counts as cancelled"]
pub struct Transfer {
    exchange: Exchange,
    /// The expected size of the body in bytes, if known.
    announced: Option<u64>,
    /// The bytes sent so far.
    sent: u64,
}

impl Transfer {
    pub(crate) fn new(exchange: Exchange, size: Option<u64>) -> Self {
        let mut transfer = Self { exchange, announced: size, sent: 0 };
        transfer.sent(0);
        transfer
    }

    /// Returns whether the final entry is logged.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.exchange.has_ended()
    }

    /// Returns the current scope of the request.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        self.exchange.scope()
    }

    /// Like [`Exchange::run`], for code that produces the body.
    ///
    /// # Panics
    ///
    /// Panics with the same payload if the closure panics, after logging the final entry.
    pub fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        self.exchange.run(work)
    }

    /// Sends a body that is produced while it is sent.
    pub const fn send<B>(self, body: B) -> Sending<B> {
        Sending::new(body, self)
    }

    /// Records that bytes of the body were sent. The last one completes the response.
    pub fn sent(&mut self, bytes: u64) {
        self.sent = self.sent.saturating_add(bytes);
        if self.has_sent_all() && !self.exchange.grpc().awaits_trailers() {
            self.complete();
        }
    }

    /// Records the trailers, which end the response like [`complete`](Self::complete). For a gRPC call they have the
    /// status, which determines the level of the entry.
    pub fn trailers(&mut self, trailers: &impl Headers) {
        self.exchange.grpc().read(trailers);
        self.complete();
    }

    /// Logs that the body has ended, unless the final entry is already logged. The response counts as sent, or as
    /// failed if it is shorter than announced.
    pub fn complete(&mut self) {
        let sent = self.sent;
        match self.announced.filter(|announced| sent < *announced) {
            Some(announced) => self.exchange.end(Ending::Failed(&ShortBody { sent, announced })),
            None => self.exchange.end(Ending::Complete),
        }
    }

    /// Logs that the body failed, unless the final entry is already logged.
    pub fn fail(&mut self, error: &dyn Error) {
        self.exchange.end(Ending::Failed(error));
    }

    fn has_sent_all(&self) -> bool {
        self.announced.is_some_and(|announced| self.sent >= announced)
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        // If the server cannot send the expected trailers, the response is complete without them.
        if self.has_sent_all() {
            self.complete();
        }
    }
}

/// A body that ended before its announced length.
#[derive(Debug, thiserror::Error)]
#[error("the response body ended after {sent} of {announced} bytes")]
struct ShortBody {
    sent: u64,
    announced: u64,
}
