//! A program that sends an event of `tracing` with OpenTelemetry, over HTTPS.

use std::error::Error;

use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_otlp::{LogExporter, Protocol, WithExportConfig};
use opentelemetry_sdk::logs::SdkLoggerProvider;
use tracing_subscriber::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let exporter = LogExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint("https://logs.example.com/v1/logs")
        .build()?;
    let provider = SdkLoggerProvider::builder().with_batch_exporter(exporter).build();
    tracing_subscriber::registry().with(OpenTelemetryTracingBridge::new(&provider)).init();
    tracing::info!("hello");
    Ok(provider.shutdown()?)
}
