//! The five levels.

/// The severity of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Debug,
    Info,
    Warn,
    Error,
    Critical,
}

impl Level {
    /// Parses the lower-case name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Critical]
            .into_iter()
            .find(|level| level.as_str() == name)
    }

    /// Parses any of the common names, ignoring case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.to_lowercase().as_str() {
            "fatal" | "emergency" | "alert" | "panic" => Some(Self::Critical),
            "warning" => Some(Self::Warn),
            "trace" => Some(Self::Debug),
            name => Self::parse(name),
        }
    }

    /// Returns the lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}
