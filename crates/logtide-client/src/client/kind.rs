//! The kind of data that a delivery sends.

use std::sync::Arc;

use logtide_core::{Content, Wire};

use crate::ClientOptions;

/// The kind of data that a delivery sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Logs,
    #[cfg(feature = "otlp")]
    Spans,
}

impl Kind {
    /// Its wire format.
    pub(super) fn wire(self, options: &ClientOptions, content: &Arc<Content>) -> Box<dyn Wire> {
        match self {
            Self::Logs => options.logs_wire(content),
            #[cfg(feature = "otlp")]
            Self::Spans => options.spans_wire(content),
        }
    }
}
