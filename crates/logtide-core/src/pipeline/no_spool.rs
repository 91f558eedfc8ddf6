//! What the rest of a pipeline asks of its spool, where the feature is off: nothing.

use std::ops::Range;

use super::Pipeline;
use crate::Tick;

#[expect(
    clippy::unused_self,
    clippy::needless_pass_by_ref_mut,
    reason = "they stand for those of the feature `spool`"
)]
impl Pipeline {
    pub(super) const fn has_spool(&self) -> bool {
        false
    }

    pub(super) const fn settle_stored(&mut self, _settled: &Range<u64>) {}

    pub(super) const fn next_operation(&self) -> Option<Tick> {
        None
    }

    pub(super) const fn entries_until_written(&self) -> Option<usize> {
        None
    }

    pub(super) const fn shed(&mut self) {}

    pub(super) const fn close_spool(&mut self, _now: Tick) {}

    pub(super) const fn write_leftovers(&mut self) {}

    pub(super) const fn holds_up_close(&mut self) -> bool {
        false
    }

    pub(super) const fn waits_for_file(&self) -> bool {
        false
    }

    pub(super) const fn is_safe(&self) -> bool {
        false
    }

    pub(super) const fn stored_of(&self, _first: u64, _entries: usize) -> usize {
        0
    }

    pub(super) const fn is_spool_done(&self) -> bool {
        true
    }
}
