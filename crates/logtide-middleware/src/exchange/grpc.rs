//! The status of a gRPC call, which differs from the HTTP status.

use logtide_core::Level;

use crate::Headers;

/// The gRPC status in a response, if it answers a gRPC call.
#[derive(Debug, Default)]
pub(crate) struct GrpcCall {
    is_grpc: bool,
    status: Option<u32>,
}

impl GrpcCall {
    /// Reads the head of a response. It has the status if a call fails before the first message.
    pub(crate) fn of_head(headers: &impl Headers) -> Self {
        let is_type =
            |value: &str| value.get(..TYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(TYPE));
        let mut call = Self { is_grpc: headers.value("content-type").is_some_and(is_type), status: None };
        call.read(headers);
        call
    }

    /// Reads the trailers of the response.
    pub(crate) fn read(&mut self, trailers: &impl Headers) {
        if self.is_grpc
            && let Some(status) = trailers.value("grpc-status")
        {
            self.status = Some(status.trim().parse().unwrap_or(UNKNOWN));
        }
    }

    /// Whether the status is expected in the trailers.
    pub(crate) const fn awaits_trailers(&self) -> bool {
        self.is_grpc && self.status.is_none()
    }

    pub(crate) const fn status(&self) -> Option<u32> {
        self.status
    }

    /// Whether the response answers a gRPC call.
    #[cfg(feature = "otlp")]
    pub(crate) const fn is_grpc(&self) -> bool {
        self.is_grpc
    }

    /// Whether the path names a method of the server, judging by the status.
    #[cfg(feature = "otlp")]
    pub(crate) fn is_of_known_method(&self) -> bool {
        self.is_grpc && self.status != Some(UNIMPLEMENTED)
    }

    /// Whether the server failed.
    #[cfg(feature = "otlp")]
    pub(crate) fn is_failure(&self) -> bool {
        self.level() == Some(Level::Error)
    }

    /// The level for the status: error if the server failed, warn if it rejected the call.
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

/// Clients also use it for a status that is not a number.
const UNKNOWN: u32 = 2;
const DEADLINE_EXCEEDED: u32 = 4;
const UNIMPLEMENTED: u32 = 12;
const INTERNAL: u32 = 13;
const UNAVAILABLE: u32 = 14;
const DATA_LOSS: u32 = 15;
