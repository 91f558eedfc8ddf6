//! The layer in real subscribers, and what it sends.

mod arbitrary;
mod correlation;
mod errors;
mod fields;
mod filters;
mod levels;
mod log_records;
#[cfg(feature = "opentelemetry")]
mod opentelemetry;
mod overrides;
mod reentry;
mod robust;
#[cfg(feature = "otlp")]
mod sent_spans;
mod setup;
mod spans;
