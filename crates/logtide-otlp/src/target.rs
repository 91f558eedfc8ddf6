//! The receiver of requests.

/// The receiver of requests, which decides the paths and how values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// A LogTide server: `/v1/otlp/logs` and `/v1/otlp/traces`.
    #[default]
    LogTide,
    /// An OpenTelemetry collector, or any other OTLP receiver: `/v1/logs` and `/v1/traces`.
    Collector,
}

impl Target {
    pub(crate) const fn logs_path(self) -> &'static str {
        match self {
            Self::LogTide => "/v1/otlp/logs",
            Self::Collector => "/v1/logs",
        }
    }

    pub(crate) const fn traces_path(self) -> &'static str {
        match self {
            Self::LogTide => "/v1/otlp/traces",
            Self::Collector => "/v1/traces",
        }
    }

    /// Whether integers beyond 2^53 stay integers. LogTide stores attributes as JSON, which would round them.
    pub(crate) const fn takes_large_integers(self) -> bool {
        matches!(self, Self::Collector)
    }

    /// Returns the time of an entry as precisely as the target needs it. LogTide stores milliseconds; microseconds, as in the
    /// JSON wire, take fewer bytes once compressed.
    pub(crate) const fn time(self, nanos: u64) -> u64 {
        match self {
            Self::LogTide => nanos - nanos % 1_000,
            Self::Collector => nanos,
        }
    }

    /// Names the receiver in messages.
    pub(crate) const fn receiver(self) -> &'static str {
        match self {
            Self::LogTide => "a LogTide server",
            Self::Collector => "an OTLP receiver",
        }
    }
}
