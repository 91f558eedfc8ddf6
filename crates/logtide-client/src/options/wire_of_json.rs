//! How entries are sent without the feature `otlp`: as JSON, to the server that is read from.

use std::sync::Arc;

use logtide_core::{Content, Wire};
use logtide_transport::Endpoint;

use super::{ClientOptions, OptionsError};

impl ClientOptions {
    pub(crate) fn logs_wire(&self, content: &Arc<Content>) -> Box<dyn Wire> {
        Box::new(self.json(content))
    }

    /// Whether they are those of what delivers the spans.
    #[expect(clippy::unused_self, reason = "it stands for that of the feature `otlp`")]
    pub(crate) const fn are_of_spans(&self) -> bool {
        false
    }

    /// What is read from, and what is sent to.
    pub(crate) fn endpoints(&self) -> Result<[Endpoint; 2], OptionsError> {
        let endpoint = self.server()?;
        Ok([endpoint.clone(), endpoint])
    }
}
