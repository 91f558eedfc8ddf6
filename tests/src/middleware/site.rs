//! A server under test, and its entries.

use logtide_client::{Client, ClientOptions};
use logtide_middleware::Options;
use logtide_transport::MemoryTransport;
use serde_json::Value;

use super::{Answer, Running, browser};
use crate::{
    entries,
    setup::{TIMEOUT, memory_client, options, wait_until},
    spans::{self, SentSpan},
};

/// Starts a server with the routes of [`App`](super::App) and the integration of its framework.
pub type Serve = fn(Client, Options) -> Running;

/// A server under test, and its entries.
#[derive(Debug)]
pub struct Site {
    transport: MemoryTransport,
    client: Client,
    server: Running,
}

impl Site {
    /// Starts a server.
    #[must_use]
    pub fn new(serve: Serve, settings: Options) -> Self {
        Self::with_client_options(serve, options("http://localhost").max_buffer_size(20_000), settings)
    }

    /// Starts a server that logs with these client options.
    #[must_use]
    pub fn with_client_options(serve: Serve, options: ClientOptions, settings: Options) -> Self {
        let transport = MemoryTransport::new();
        let client = memory_client(&transport, options);
        let server = serve(client.clone(), settings);
        Self { transport, client, server }
    }

    /// Returns the client that it logs with.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the server.
    #[must_use]
    pub const fn server(&self) -> &Running {
        &self.server
    }

    /// Calls [`browser::get`].
    #[must_use]
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
        browser::get(self.server.address(), path, headers)
    }

    /// Waits for this many entries.
    pub fn wait_for(&self, count: usize) {
        wait_until("everything is logged", || self.client.metrics().logged >= count as u64);
    }

    /// Waits for this many entries, stops the server, and returns all entries.
    ///
    /// # Panics
    ///
    /// If there are more or fewer.
    #[must_use]
    pub fn finish(self, count: usize) -> Vec<Value> {
        self.wait_for(count);
        let entries = self.stop();
        assert_eq!(entries.len(), count, "{entries:#?}");
        entries
    }

    /// Does the same as [`Site::finish`], and returns the spans in the order of their ends.
    ///
    /// # Panics
    ///
    /// If there are more or fewer.
    #[must_use]
    pub fn finish_with_spans(self, entries: usize, spans: usize) -> (Vec<Value>, Vec<SentSpan>) {
        wait_until("all spans have ended", || self.client.metrics().spans.ended >= spans as u64);
        let transport = self.transport.clone();
        let entries = self.finish(entries);
        let sent = spans::sent(&transport);
        assert_eq!(sent.len(), spans, "{sent:#?}");
        (entries, sent)
    }

    /// Stops the server, and returns all entries.
    ///
    /// # Panics
    ///
    /// If they are not delivered in time.
    #[must_use]
    pub fn stop(self) -> Vec<Value> {
        drop(self.server);
        assert!(self.client.flush_blocking(TIMEOUT).is_complete());
        let requests = self.transport.requests();
        let of_entries = requests.iter().filter(|request| request.uri.path() != spans::PATH);
        of_entries.flat_map(|request| entries::of_body(&request.body)).collect()
    }
}
