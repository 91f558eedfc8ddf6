//! Names of attributes that are treated specially.

/// The name of an attribute, if it matters which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Other,
    /// An attribute that is written elsewhere.
    LeftOut,
    /// The SDK's stamp, or a value of the application under the same name.
    Sdk,
    Error,
    Exception,
    ExceptionType,
    ExceptionMessage,
    ExceptionStacktrace,
    SessionId,
    TraceId,
    SpanId,
}

impl Name {
    #[inline]
    pub(super) fn of(key: &str) -> Self {
        match key {
            "sdk" => Self::Sdk,
            "error" => Self::Error,
            "exception" => Self::Exception,
            "exception.type" => Self::ExceptionType,
            "exception.message" => Self::ExceptionMessage,
            "exception.stacktrace" => Self::ExceptionStacktrace,
            "session.id" => Self::SessionId,
            "trace_id" => Self::TraceId,
            "span_id" => Self::SpanId,
            _ => Self::Other,
        }
    }

    /// Returns the name of an attribute that the SDK adds.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Other | Self::LeftOut => "",
            Self::Sdk => "sdk",
            Self::Error => "error",
            Self::Exception => "exception",
            Self::ExceptionType => "exception.type",
            Self::ExceptionMessage => "exception.message",
            Self::ExceptionStacktrace => "exception.stacktrace",
            Self::SessionId => "session.id",
            Self::TraceId => "trace_id",
            Self::SpanId => "span_id",
        }
    }

    /// Returns its bit in a set of names.
    pub(super) const fn bit(self) -> u16 {
        1 << self as u16
    }
}
