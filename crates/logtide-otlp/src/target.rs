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

    /// What answers, in words.
    pub(crate) const fn receiver(self) -> &'static str {
        match self {
            Self::LogTide => "LogTide",
            Self::Collector => "an OTLP receiver",
        }
    }
}
