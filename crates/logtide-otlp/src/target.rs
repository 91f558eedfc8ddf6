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

    /// Whether integers beyond 2^53 stay what they are: LogTide keeps attributes as JSON, which rounds them.
    pub(crate) const fn takes_large_integers(self) -> bool {
        matches!(self, Self::Collector)
    }

    /// When an entry happened, as precisely as the target needs it. LogTide keeps milliseconds; microseconds, as the JSON wire sends them, take
    /// fewer bytes once they are compressed.
    pub(crate) const fn time(self, nanos: u64) -> u64 {
        match self {
            Self::LogTide => nanos - nanos % 1_000,
            Self::Collector => nanos,
        }
    }

    /// What answers, in words.
    pub(crate) const fn receiver(self) -> &'static str {
        match self {
            Self::LogTide => "a LogTide server",
            Self::Collector => "an OTLP receiver",
        }
    }
}
