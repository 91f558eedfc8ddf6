//! What a delivery carries.

use std::sync::Arc;

use logtide_core::{Content, Wire};

use crate::ClientOptions;

/// What a delivery carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Logs,
    #[cfg(feature = "otlp")]
    Spans,
}

impl Kind {
    /// How it is sent.
    pub(super) fn wire(self, options: &ClientOptions, content: &Arc<Content>) -> Box<dyn Wire> {
        match self {
            Self::Logs => options.logs_wire(content),
            #[cfg(feature = "otlp")]
            Self::Spans => options.spans_wire(content),
        }
    }
}
