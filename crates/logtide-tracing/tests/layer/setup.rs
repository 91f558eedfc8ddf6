//! A client that sends to memory, and the layer on it.

use std::{sync::Arc, time::Duration};

use logtide_client::{Client, ClientOptions};
use logtide_tracing::Layer;
use logtide_transport::MemoryTransport;
use serde_json::Value;
use tracing::subscriber::with_default;
use tracing_subscriber::prelude::*;

/// A deadline that leaves enough time on a loaded machine.
const TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) struct Memory {
    pub(crate) client: Client,
    transport: MemoryTransport,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self::with_options(|options| options)
    }

    pub(crate) fn with_options(change: impl FnOnce(ClientOptions) -> ClientOptions) -> Self {
        Self::with_transport(MemoryTransport::new(), change)
    }

    pub(crate) fn with_transport(
        transport: MemoryTransport,
        change: impl FnOnce(ClientOptions) -> ClientOptions,
    ) -> Self {
        let options = ClientOptions::new("http://localhost", "lp_k")
            .service("svc")
            .flush_interval(Duration::from_secs(3_600));
        let client = Client::with_transport(change(options), Arc::new(transport.clone()));
        Self { client: client.expect("the options work"), transport }
    }

    pub(crate) fn layer(&self) -> Layer {
        logtide_tracing::layer(&self.client)
    }

    /// Returns the entries so far, without the SDK's stamp and the location of the event.
    pub(crate) fn entries(&self) -> Vec<Value> {
        let mut entries = self.whole_entries();
        for entry in &mut entries {
            let metadata = entry["metadata"].as_object_mut().expect("an object");
            for key in ["sdk", "logger", "module", "file", "line"] {
                metadata.remove(key);
            }
        }
        entries
    }

    /// Returns the spans so far.
    #[cfg(feature = "otlp")]
    pub(crate) fn spans(&self) -> Vec<crate::sent_spans::Sent> {
        assert!(self.client.flush_blocking(TIMEOUT).is_complete());
        let requests = self.transport.requests();
        let of_spans = requests.iter().filter(|request| request.uri.path() == "/v1/otlp/traces");
        of_spans.flat_map(|request| crate::sent_spans::decode(&request.body)).collect()
    }

    /// Returns the entries so far.
    pub(crate) fn whole_entries(&self) -> Vec<Value> {
        assert!(self.client.flush_blocking(TIMEOUT).is_complete());
        let entries = |body: &[u8]| serde_json::from_slice::<Value>(body).expect("JSON")["logs"].take();
        let requests = self.transport.requests();
        requests
            .iter()
            .filter(|request| request.uri.path() == "/api/v1/ingest")
            .flat_map(|request| entries(&request.body).as_array().expect("a list").clone())
            .collect()
    }
}

/// Returns the entries that a closure logs under a subscriber with a layer.
pub(crate) fn sent(configure: impl FnOnce(Layer) -> Layer, work: impl FnOnce()) -> Vec<Value> {
    let memory = Memory::new();
    with_default(tracing_subscriber::registry().with(configure(memory.layer())), work);
    memory.entries()
}

/// Does the same as [`sent`], with the default layer.
pub(crate) fn sent_by_default(work: impl FnOnce()) -> Vec<Value> {
    sent(|layer| layer, work)
}
