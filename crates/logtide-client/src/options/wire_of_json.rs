//! The wire format without the feature `otlp`: JSON, to the server that is read from.

use std::sync::Arc;

use logtide_core::{Content, Wire};
use logtide_transport::Endpoint;

use super::{ClientOptions, OptionsError};

impl ClientOptions {
    pub(crate) fn logs_wire(&self, content: &Arc<Content>) -> Box<dyn Wire> {
        Box::new(self.json(content))
    }

    /// Whether these are the options of the span delivery.
    #[expect(clippy::unused_self, reason = "same signature as with the feature `otlp`")]
    pub(crate) const fn are_for_spans(&self) -> bool {
        false
    }

    /// The endpoints to read from and to send to.
    pub(crate) fn endpoints(&self) -> Result<[Endpoint; 2], OptionsError> {
        let endpoint = self.server()?;
        Ok([endpoint.clone(), endpoint])
    }
}
