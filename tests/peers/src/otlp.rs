//! OpenTelemetry, as its own documentation sets it up for logs over HTTP.

use std::time::Duration;

use logtide_tests::measure::{Plan, Result, Subject, workload};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_otlp::{LogExporter, Protocol, WithExportConfig};
use opentelemetry_sdk::logs::{BatchConfigBuilder, BatchLogProcessor, SdkLoggerProvider};
use tracing_subscriber::{Registry, layer::SubscriberExt};

/// `opentelemetry-otlp` with `opentelemetry-appender-tracing`, http/protobuf.
pub(crate) struct Otlp(SdkLoggerProvider);

impl Subject for Otlp {
    fn start(plan: &Plan) -> Result<Self> {
        let exporter = LogExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("http://{}/v1/logs", plan.address()))
            .with_timeout(Duration::from_secs(60))
            .build()?;
        let mut config = BatchConfigBuilder::default();
        if plan.holds_all() {
            // The queue has room for all from the start, and none is made later.
            config = config.with_max_queue_size(2_000_000);
        }
        let processor = BatchLogProcessor::builder(exporter).with_batch_config(config.build()).build();
        let provider = SdkLoggerProvider::builder().with_log_processor(processor).build();
        let subscriber = Registry::default().with(OpenTelemetryTracingBridge::new(&provider));
        tracing::subscriber::set_global_default(subscriber)?;
        Ok(Self(provider))
    }

    fn log(&self, id: u64) {
        workload::event(id);
    }

    fn flush(&self) {
        // What is lost shows at the receiver.
        let _ = self.0.force_flush();
    }

    fn finish(self) -> Result<()> {
        Ok(self.0.shutdown_with_timeout(Duration::from_secs(120))?)
    }
}
