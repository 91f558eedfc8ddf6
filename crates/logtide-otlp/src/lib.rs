//! Logs and spans over OTLP/HTTP, for LogTide's own endpoints and for OpenTelemetry collectors.
//!
//! [`Logs`] and [`Spans`] are wires of the [`Pipeline`](logtide_core::Pipeline): they make requests of records and read the answers, and
//! do no I/O.

mod compression;
mod logs;
mod resource;
mod spans;
mod target;

pub use self::{compression::Compression, logs::Logs, resource::Resource, spans::Spans, target::Target};
