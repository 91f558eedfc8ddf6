//! Where entries and spans are sent, and in which format.

mod collector;

use std::{fmt, sync::Arc};

use logtide_core::{Content, Wire as CoreWire};
use logtide_otlp::{Compression, Logs, Resource, Spans, Target};
use logtide_transport::Endpoint;

pub use self::collector::Collector;
use super::{ClientOptions, DropPolicy, OptionsError};

/// Where entries are sent, and in which format.
///
/// Spans are always sent over OTLP: to the collector if there is one, otherwise to the LogTide server.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Wire {
    /// JSON, to the LogTide server.
    #[default]
    Json,
    /// OTLP, to the LogTide server.
    Otlp,
    /// OTLP, to an OpenTelemetry collector.
    Collector(Collector),
}

impl Wire {
    /// Describes an OpenTelemetry collector, or any other server that accepts OTLP over HTTP.
    ///
    /// `endpoint` has the form of `OTEL_EXPORTER_OTLP_ENDPOINT`, such as `http://localhost:4318`. The paths `/v1/logs`
    /// and `/v1/traces` are appended.
    ///
    /// ```
    /// use logtide_client::{ClientOptions, Wire};
    ///
    /// let collector = Wire::otlp("http://localhost:4318").header("authorization", "Bearer token");
    /// let options = ClientOptions::for_collector(collector).service("api");
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

/// The OTLP options as set so far.
#[derive(Clone)]
pub(crate) struct Otlp {
    pub(super) wire: Wire,
    pub(crate) traces_sample_rate: f64,
    /// Whether these are the options of the span delivery.
    for_spans: bool,
}

impl Otlp {
    pub(super) fn debug(&self, debug: &mut fmt::DebugStruct<'_, '_>) {
        debug.field("wire", &self.wire).field("traces_sample_rate", &self.traces_sample_rate);
    }
}

impl Default for Otlp {
    fn default() -> Self {
        Self { wire: Wire::default(), traces_sample_rate: 1.0, for_spans: false }
    }
}

impl ClientOptions {
    /// Creates options for a client that sends only to an OpenTelemetry collector. Calls that read from a LogTide
    /// server return an error.
    #[must_use]
    pub fn for_collector(collector: Collector) -> Self {
        Self::new("", "").wire(collector)
    }

    /// Sets where entries are sent, and in which format. Default [`Wire::Json`].
    #[must_use]
    pub fn wire(mut self, wire: impl Into<Wire>) -> Self {
        self.otlp.wire = wire.into();
        self
    }

    /// Sets the fraction of traces whose spans are sent, from 0.0 to 1.0. Default 1.0.
    ///
    /// The decision depends on the trace id and is made once, when the first span of the trace starts. Its child spans
    /// follow it, also in other programs that are called. A trace that a caller started follows the caller's decision,
    /// as given in `traceparent`.
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

    /// The endpoints to read from and to send to.
    pub(crate) fn endpoints(&self) -> Result<[Endpoint; 2], OptionsError> {
        let Wire::Collector(collector) = &self.otlp.wire else {
            let endpoint = self.server()?;
            return Ok([endpoint.clone(), endpoint]);
        };
        let target = collector.endpoint()?;
        Ok([if self.api_url.is_empty() { target.clone() } else { self.server()? }, target])
    }

    /// The options for delivering spans, without those that apply only to entries.
    pub(crate) fn for_spans(&self) -> Self {
        let mut options = self.clone();
        options.otlp.for_spans = true;
        (options.before_send, options.on_event) = (None, None);
        (options.event_ids, options.sequence_numbers, options.attach_stacktrace) = (false, false, false);
        // The end of a span must not block.
        if let DropPolicy::Block(_) = options.drop_policy {
            options.drop_policy = DropPolicy::Newest;
        }
        #[cfg(feature = "spool")]
        options.use_spool_of_spans();
        options
    }

    /// Whether [`for_spans`](Self::for_spans) created these options.
    pub(crate) const fn are_for_spans(&self) -> bool {
        self.otlp.for_spans
    }

    fn target(&self) -> (Target, Compression) {
        match &self.otlp.wire {
            Wire::Json | Wire::Otlp => (Target::LogTide, Compression::default()),
            Wire::Collector(collector) => (Target::Collector, collector.compression()),
        }
    }

    /// Follows OpenTelemetry's semantic conventions, and adds the former name of the environment, which LogTide's other
    /// SDKs use.
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
