//! A server without a network: tests begin and end requests by hand.

use http::HeaderMap;
use logtide_client::{Client, ClientOptions};
use logtide_middleware::{AccessLog, Exchange, Options, RequestHead};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
    spans::{self, SentSpan},
};
use logtide_transport::MemoryTransport;
use serde_json::Value;

pub(crate) struct Server {
    transport: MemoryTransport,
    pub(crate) client: Client,
    pub(crate) log: AccessLog,
}

impl Server {
    pub(crate) fn new(settings: Options) -> Self {
        Self::with_client_options(options("http://localhost"), settings)
    }

    pub(crate) fn with_client_options(options: ClientOptions, settings: Options) -> Self {
        let transport = MemoryTransport::new();
        let client = memory_client(&transport, options);
        let log = AccessLog::new(client.clone(), settings);
        Self { transport, client, log }
    }

    pub(crate) fn begin(&self, method: &str, path: &str) -> Exchange {
        self.begin_with(method, path, &HeaderMap::new())
    }

    pub(crate) fn begin_with(&self, method: &str, path: &str, headers: &HeaderMap) -> Exchange {
        self.log.begin(&RequestHead::new(method, path, headers))
    }

    /// The logged entries, in order.
    pub(crate) fn entries(&self) -> Vec<Value> {
        assert!(self.client.flush_blocking(TIMEOUT).is_complete());
        let requests = self.transport.requests();
        let of_entries = requests.iter().filter(|request| request.uri.path() != spans::PATH);
        of_entries.flat_map(|request| entries::of_body(&request.body)).collect()
    }

    /// The ended spans, in order.
    pub(crate) fn spans(&self) -> Vec<SentSpan> {
        assert!(self.client.flush_blocking(TIMEOUT).is_complete());
        spans::sent(&self.transport)
    }

    /// The only span.
    pub(crate) fn span(&self) -> SentSpan {
        let mut spans = self.spans();
        assert_eq!(spans.len(), 1, "{spans:#?}");
        spans.remove(0)
    }

    /// The last entry of `count`.
    pub(crate) fn last(&self, count: usize) -> Value {
        let mut entries = self.entries();
        assert_eq!(entries.len(), count, "{entries:#?}");
        entries.pop().unwrap()
    }
}

pub(crate) fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
    fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

/// Checks that a message is `start`, a whole number, and `end`.
pub(crate) fn assert_timed(entry: &Value, start: &str, end: &str) {
    let message = entry["message"].as_str().unwrap();
    let number = message.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    assert!(number.is_some_and(|number| number.parse::<u64>().is_ok()), "{message}");
}
