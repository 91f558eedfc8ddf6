//! A response on its way to the client.

use std::error::Error;

use logtide_core::Scope;

use crate::{Exchange, Headers, Sending, exchange::Ending};

/// A response on its way to the client. Dropped before all of it was sent, the request counts as cancelled, or as closed if the response
/// is an event stream, which has no other end.
///
/// Servers stop reading a body when they have as much as was announced, so the response counts as sent by then. That of a gRPC call
/// has its status in the trailers, which are waited for. A body that ends before it has as many bytes is a failure of the request: the
/// client sees an answer that breaks off.
#[derive(Debug)]
#[must_use = "a response that is dropped counts as cancelled"]
pub struct Transfer {
    exchange: Exchange,
    /// Bytes that the body should have, where that is known.
    announced: Option<u64>,
    /// Bytes that it had until now.
    sent: u64,
}

impl Transfer {
    pub(crate) fn new(exchange: Exchange, size: Option<u64>) -> Self {
        let mut transfer = Self { exchange, announced: size, sent: 0 };
        transfer.sent(0);
        transfer
    }

    /// Whether the entry that says how the request ended is written.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.exchange.has_ended()
    }

    /// The scope of the request as it is now.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        self.exchange.scope()
    }

    /// As [`Exchange::run`], for work that makes the body.
    ///
    /// # Panics
    ///
    /// Where the work does, with the same payload, after an entry that says so.
    pub fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        self.exchange.run(work)
    }

    /// Sends a body that is made meanwhile.
    pub const fn send<B>(self, body: B) -> Sending<B> {
        Sending::new(body, self)
    }

    /// Counts bytes of the body. With the last one the response is complete.
    pub fn sent(&mut self, bytes: u64) {
        self.sent = self.sent.saturating_add(bytes);
        if self.has_sent_all() && !self.exchange.grpc().awaits_trailers() {
            self.complete();
        }
    }

    /// Takes note of the trailers, which end the response as [`complete`](Self::complete) does. Of a gRPC call they have the status, which
    /// gives the entry its level.
    pub fn trailers(&mut self, trailers: &impl Headers) {
        self.exchange.grpc().read(trailers);
        self.complete();
    }

    /// Logs that the body has ended, if nothing else was logged before: that the response was sent, or that it failed where bytes are
    /// missing of those that were announced.
    pub fn complete(&mut self) {
        let sent = self.sent;
        match self.announced.filter(|announced| sent < *announced) {
            Some(announced) => self.exchange.end(Ending::Failed(&ShortBody { sent, announced })),
            None => self.exchange.end(Ending::Complete),
        }
    }

    /// Logs that the body failed, if nothing else was logged before.
    pub fn fail(&mut self, error: &dyn Error) {
        self.exchange.end(Ending::Failed(error));
    }

    fn has_sent_all(&self) -> bool {
        self.announced.is_some_and(|announced| self.sent >= announced)
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        // Where the server has no way to send the trailers that were waited for, it has sent all.
        if self.has_sent_all() {
            self.complete();
        }
    }
}

/// A body that ended before it had as many bytes as were announced.
#[derive(Debug, thiserror::Error)]
#[error("the response body ended after {sent} of {announced} bytes")]
struct ShortBody {
    sent: u64,
    announced: u64,
}
