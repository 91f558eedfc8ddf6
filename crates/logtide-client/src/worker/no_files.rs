//! The worker's spool without the feature `spool`: it does nothing.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use logtide_core::{Event, Pipeline, Tick, Timestamp};

use crate::ClientOptions;

pub(crate) struct Files;

pub(crate) type Done = Infallible;

#[expect(
    clippy::unused_self,
    clippy::needless_pass_by_ref_mut,
    reason = "same signatures as with the feature `spool`"
)]
impl Files {
    pub(crate) const fn new(_options: &ClientOptions, _pipeline: &mut Pipeline) -> Self {
        Self
    }

    pub(crate) const fn begin(&mut self, _pipeline: &mut Pipeline, _now: Tick, _wall: Timestamp) {}

    pub(crate) const fn poll(&mut self, _context: &mut Context<'_>) -> Poll<Done> {
        Poll::Pending
    }

    pub(crate) const fn done(&mut self, done: Done, _pipeline: &mut Pipeline, _now: Tick) -> Vec<Event> {
        match done {}
    }

    pub(crate) const fn close(&mut self) {}
}
