//! The SDK, through `tracing`.

use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use super::{Direct, Plan, Result, Subject, workload};

/// [`logtide_tracing::Layer`] as the global subscriber of the process, with the client of [`Direct`].
#[derive(Debug)]
pub struct Traced(Direct);

impl Subject for Traced {
    fn start(plan: &Plan) -> Result<Self> {
        let direct = Direct::start(plan)?;
        let layer = logtide_tracing::layer(direct.client());
        tracing::subscriber::set_global_default(Registry::default().with(layer))?;
        Ok(Self(direct))
    }

    fn log(&self, id: u64) {
        workload::event(id);
    }

    fn flush(&self) {
        self.0.flush();
    }

    fn finish(self) -> Result<()> {
        self.0.finish()
    }
}
