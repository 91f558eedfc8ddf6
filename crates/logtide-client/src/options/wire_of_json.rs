//! How entries are sent without the feature `otlp`: as JSON, to the server that is read from.

use std::sync::Arc;

use logtide_core::{Content, Wire};
use logtide_transport::Endpoint;

use super::{ClientOptions, OptionsError};

impl ClientOptions {
    pub(crate) fn logs_wire(&self, content: &Arc<Content>) -> Box<dyn Wire> {
        Box::new(self.json(content))
    }

    /// What is read from, and what is sent to.
    pub(crate) fn endpoints(&self) -> Result<[Endpoint; 2], OptionsError> {
        let endpoint = Endpoint::new(&self.api_url, self.api_key.clone())?;
        Ok([endpoint.clone(), endpoint])
    }
}
