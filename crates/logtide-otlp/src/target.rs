//! What is sent to.

/// What is sent to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// A LogTide server: `/v1/otlp/logs` and `/v1/otlp/traces`.
    #[default]
    LogTide,
    /// An OpenTelemetry collector, or what speaks its protocol: `/v1/logs` and `/v1/traces`.
    Collector,
}
