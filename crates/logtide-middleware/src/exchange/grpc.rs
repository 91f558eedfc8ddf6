//! The status of a gRPC call, which is not that of HTTP.

use logtide_core::Level;

use crate::Headers;

/// What a response says of the gRPC call that it answers, if it answers one.
#[derive(Debug, Default)]
pub(crate) struct GrpcCall {
    is_one: bool,
    status: Option<u32>,
}

impl GrpcCall {
    /// Reads the head of a response. It has the status of calls that fail before there is a message.
    pub(crate) fn of_head(headers: &impl Headers) -> Self {
        let is_type =
            |value: &str| value.get(..TYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(TYPE));
        let mut call = Self { is_one: headers.value("content-type").is_some_and(is_type), status: None };
        call.read(headers);
        call
    }

    /// Reads the trailers of the response.
    pub(crate) fn read(&mut self, trailers: &impl Headers) {
        if self.is_one
            && let Some(status) = trailers.value("grpc-status")
        {
            self.status = Some(status.trim().parse().unwrap_or(UNKNOWN));
        }
    }

    /// Whether the status is still to come, behind the body.
    pub(crate) const fn awaits_trailers(&self) -> bool {
        self.is_one && self.status.is_none()
    }

    pub(crate) const fn status(&self) -> Option<u32> {
        self.status
    }

    /// Whether the response answers a gRPC call.
    #[cfg(feature = "otlp")]
    pub(crate) const fn is_one(&self) -> bool {
        self.is_one
    }

    /// Whether the path names a method of the server, as far as the status tells.
    #[cfg(feature = "otlp")]
    pub(crate) fn is_of_known_method(&self) -> bool {
        self.is_one && self.status != Some(UNIMPLEMENTED)
    }

    /// Whether the server failed.
    #[cfg(feature = "otlp")]
    pub(crate) fn is_failure(&self) -> bool {
        self.level() == Some(Level::Error)
    }

    /// The level by the status: an error where the server failed, a warning where it refused.
    pub(super) const fn level(&self) -> Option<Level> {
        match self.status {
            None | Some(0) => None,
            Some(UNKNOWN | DEADLINE_EXCEEDED | UNIMPLEMENTED | INTERNAL | UNAVAILABLE | DATA_LOSS) => {
                Some(Level::Error)
            }
            Some(_) => Some(Level::Warn),
        }
    }
}

const TYPE: &str = "application/grpc";

/// Also what clients make of a status that is no number.
const UNKNOWN: u32 = 2;
const DEADLINE_EXCEEDED: u32 = 4;
const UNIMPLEMENTED: u32 = 12;
const INTERNAL: u32 = 13;
const UNAVAILABLE: u32 = 14;
const DATA_LOSS: u32 = 15;
