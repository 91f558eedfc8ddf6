//! Closing a pipeline with a spool.

use super::super::Pipeline;
use crate::{Tick, spool::Files};

impl Pipeline {
    /// Starts to write what may be left at the deadline.
    pub(in super::super) fn close_spool(&mut self, now: Tick) {
        let (is_away, end) = (self.is_away(), self.next_entry);
        if let Some(files) = &mut self.spool {
            files.writing.end_at(now);
            files.reading.end_at(now);
            if is_away {
                files.write_before = end;
            }
        }
    }

    /// Writes the rest, since an attempt failed while the pipeline closes.
    pub(in super::super) const fn write_leftovers(&mut self) {
        let end = self.next_entry;
        if let Some(files) = &mut self.spool {
            files.write_before = end;
        }
    }

    /// Whether entries are still to be written before the pipeline ends.
    pub(in super::super) fn holds_up_close(&mut self) -> bool {
        let is_unwritten = self.first_unwritten() < self.next_entry;
        self.write_leftovers();
        let Some(files) = &self.spool else { return false };
        !files.writing.is_failing() && (is_unwritten || files.doing.is_some())
    }

    /// Whether the rest is in files, and the server does not accept it.
    pub(in super::super) fn is_safe(&self) -> bool {
        let Some(closing) = self.closing else { return false };
        let is_idle = self.spool.as_ref().is_some_and(|files| files.is_open() && files.doing.is_none());
        is_idle
            && closing.failures > 0
            && self.in_flight.is_empty()
            && self.first_unwritten() >= self.next_entry
    }

    /// How many of the oldest entries of a batch are in files.
    pub(in super::super) fn stored_of(&self, first: u64, entries: usize) -> usize {
        let Some(files) = &self.spool else { return 0 };
        if first < Self::FIRST_ENTRY {
            return entries;
        }
        usize::try_from(files.written_before.saturating_sub(first)).unwrap_or(usize::MAX).min(entries)
    }

    /// Whether there are no more operations.
    pub(in super::super) fn is_spool_done(&self) -> bool {
        let Some(files) = &self.spool else { return true };
        let is_idle = files.doing.is_none() && files.done.is_empty();
        // While the folder is being opened, its files are unknown.
        let is_unusable = !files.is_open() && files.writing.is_failing();
        is_idle && (self.is_over || is_unusable || (files.is_open() && Files::is_empty(files)))
    }
}
