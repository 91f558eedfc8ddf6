//! In which format entries and spans are sent, and where to.

mod collector;

use std::{fmt, sync::Arc};

use logtide_core::{Content, Wire as CoreWire};
use logtide_otlp::{Compression, Logs, Resource, Spans, Target};
use logtide_transport::Endpoint;

pub use self::collector::Collector;
use super::{ClientOptions, DropPolicy, OptionsError};

/// In which format entries are sent, and where to.
///
/// Spans are always sent over OTLP: to the collector where there is one, else to the LogTide server.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Wire {
    /// As JSON, to the LogTide server.
    #[default]
    Json,
    /// Over OTLP, to the LogTide server.
    Otlp,
    /// Over OTLP, to an OpenTelemetry collector.
    Collector(Collector),
}

impl Wire {
    /// An OpenTelemetry collector, or anything that takes OTLP over HTTP, at that address.
    ///
    /// The address is that which `OTEL_EXPORTER_OTLP_ENDPOINT` would have, such as `http://localhost:4318`: `/v1/logs` and `/v1/traces` are
    /// appended to it.
    ///
    /// ```
    /// use logtide_client::{ClientOptions, Wire};
    ///
    /// let collector = Wire::otlp("http://localhost:4318").header("authorization", "Bearer token");
    /// let options = ClientOptions::of_collector(collector).service("api");
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn otlp(endpoint: impl Into<String>) -> Collector {
        Collector::new(endpoint)
    }
}

impl From<Collector> for Wire {
    fn from(collector: Collector) -> Self {
        Self::Collector(collector)
    }
}

/// What is set of OTLP.
#[derive(Clone)]
pub(crate) struct Otlp {
    pub(super) wire: Wire,
    pub(crate) traces_sample_rate: f64,
    /// Whether these are the options of what delivers the spans.
    of_spans: bool,
}

impl Otlp {
    pub(super) fn debug(&self, debug: &mut fmt::DebugStruct<'_, '_>) {
        debug.field("wire", &self.wire).field("traces_sample_rate", &self.traces_sample_rate);
    }
}

impl Default for Otlp {
    fn default() -> Self {
        Self { wire: Wire::default(), traces_sample_rate: 1.0, of_spans: false }
    }
}

impl ClientOptions {
    /// Options for a client that sends to an OpenTelemetry collector and knows no LogTide server. What reads from a server fails with it.
    #[must_use]
    pub fn of_collector(collector: Collector) -> Self {
        Self::new("", "").wire(collector)
    }

    /// Sets in which format entries are sent, and where to. Default [`Wire::Json`].
    #[must_use]
    pub fn wire(mut self, wire: impl Into<Wire>) -> Self {
        self.otlp.wire = wire.into();
        self
    }

    /// Sets which share of traces have their spans sent, from 0.0 to 1.0. Default 1.0.
    ///
    /// It is decided once for a trace, by its id, where its first span starts: spans inside follow, here and in the programs that are
    /// called, and a trace that a caller began follows the caller, as `traceparent` says.
    #[must_use]
    pub fn traces_sample_rate(mut self, rate: f64) -> Self {
        self.otlp.traces_sample_rate = rate;
        self
    }

    pub(crate) fn logs_wire(&self, content: &Arc<Content>) -> Box<dyn CoreWire> {
        let json = self.json(content);
        if matches!(self.otlp.wire, Wire::Json) {
            return Box::new(json);
        }
        let (target, compression) = self.target();
        Box::new(Logs::new(json, self.resource(), target, compression))
    }

    pub(crate) fn spans_wire(&self, content: &Arc<Content>) -> Box<dyn CoreWire> {
        let (target, compression) = self.target();
        Box::new(Spans::new(self.json(content), self.resource(), target, compression))
    }

    /// What is read from, and what is sent to.
    pub(crate) fn endpoints(&self) -> Result<[Endpoint; 2], OptionsError> {
        let Wire::Collector(collector) = &self.otlp.wire else {
            let endpoint = self.server()?;
            return Ok([endpoint.clone(), endpoint]);
        };
        let target = collector.endpoint()?;
        Ok([if self.api_url.is_empty() { target.clone() } else { self.server()? }, target])
    }

    /// For spans: what is about entries alone is left out.
    pub(crate) fn for_spans(&self) -> Self {
        let mut options = self.clone();
        options.otlp.of_spans = true;
        (options.before_send, options.on_event) = (None, None);
        (options.event_ids, options.sequence_numbers, options.attach_stacktrace) = (false, false, false);
        // The end of a span is no place to wait.
        if let DropPolicy::Block(_) = options.drop_policy {
            options.drop_policy = DropPolicy::Newest;
        }
        #[cfg(feature = "spool")]
        options.use_spool_of_spans();
        options
    }

    /// Whether they were made by [`for_spans`](Self::for_spans).
    pub(crate) const fn are_of_spans(&self) -> bool {
        self.otlp.of_spans
    }

    fn target(&self) -> (Target, Compression) {
        match &self.otlp.wire {
            Wire::Json | Wire::Otlp => (Target::LogTide, Compression::default()),
            Wire::Collector(collector) => (Target::Collector, collector.compression()),
        }
    }

    /// By OpenTelemetry's semantic conventions, and with the former name of the environment, which LogTide's other SDKs write.
    fn resource(&self) -> Resource {
        let attributes = [
            ("deployment.environment", &self.environment),
            ("deployment.environment.name", &self.environment),
            ("service.version", &self.release),
            ("host.name", &self.server_name),
        ];
        let given = attributes.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        given.fold(Resource::new(), |resource, (name, value)| resource.attribute(name, value))
    }
}
