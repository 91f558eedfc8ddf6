//! The spool: operations on files, and their effect.
//!
//! Entries are written in the order of their numbers, so one number says which are in files. A file is removed once
//! all its entries are settled. Until then its entries are in memory too, unless memory is short. Then the entries of
//! the newest files are freed, and read again when there is space.

mod close;
mod load;
mod memory;
mod write;

use std::ops::Range;

use super::Pipeline;
use crate::{
    DropReason, Event, Tick, Timestamp,
    batch::Batch,
    spool::{Completion, Doing, Files, Found, Operation, OperationError, SpoolOptions},
};

impl Pipeline {
    /// Sets the options of the spool. Nothing is written before the folder is [opened](Self::open_spool).
    pub fn set_spool(&mut self, options: SpoolOptions) {
        self.spool = Some(Files::new(options, self.next_entry));
    }

    /// Records that the folder is open. New files have numbers from `next_file` on, and `found` are the existing
    /// files, oldest first.
    pub fn open_spool(&mut self, next_file: u64, found: impl IntoIterator<Item = Found>, now: Tick) {
        self.spool_works();
        if let Some(files) = &mut self.spool {
            files.opened(next_file);
            files.add(found);
        }
        self.finish_flushes(now);
    }

    /// Records that the driver starts to look for files of other processes. Returns whether it may: not during an
    /// [`Operation`], and not before the folder is open.
    pub fn begin_search(&mut self) -> bool {
        let Some(files) = self.spool.as_mut().filter(|files| files.is_open() && files.doing.is_none()) else {
            return false;
        };
        files.doing = Some(Doing::Search);
        true
    }

    /// Reports the result of a [search](Self::begin_search), oldest first.
    pub fn end_search(&mut self, found: impl IntoIterator<Item = Found>, now: Tick) {
        if let Some(files) = &mut self.spool {
            files.doing.take_if(|doing| matches!(doing, Doing::Search));
            files.add(found);
        }
        self.finish_flushes(now);
    }

    /// Records that the folder cannot be opened. Entries stay in memory.
    pub fn fail_spool(&mut self, detail: String, now: Tick) {
        self.spool_failed(detail, now);
        self.finish_flushes(now);
    }

    /// Returns the next operation, if there is one. The one after that is returned only after
    /// [`handle_completion`](Self::handle_completion).
    pub fn poll_operation(&mut self, now: Tick, wall: Timestamp) -> Option<Operation> {
        self.spool.as_ref().filter(|files| files.is_open() && files.doing.is_none())?;
        if self.is_over {
            return self.next_done();
        }
        self.doom_old_files(wall);
        self.shed();
        let operation = self
            .next_done()
            .or_else(|| self.poll_write(now, wall))
            // What it has dropped because the spool was full.
            .or_else(|| self.next_done())
            .or_else(|| self.poll_read(now));
        if operation.is_none() && self.is_ending {
            self.finish_flushes(now);
        }
        operation
    }

    /// The file to remove or rename next.
    fn next_done(&mut self) -> Option<Operation> {
        self.spool.as_mut()?.next_done()
    }

    /// Reports the result of the last [`Operation`].
    pub fn handle_completion(&mut self, completion: Completion, now: Tick) {
        let Some(doing) = self.spool.as_mut().and_then(|files| files.doing.take()) else { return };
        match (doing, completion) {
            (Doing::Write { file, entries, bytes, .. }, Ok(_)) => self.wrote(file, entries, bytes, now),
            (Doing::Write { file, is_new, .. }, Err(error)) => self.not_written(file, is_new, error, now),
            (Doing::Read(file), Ok(bytes)) => self.loaded(file, &bytes, now),
            (Doing::Read(file), Err(error)) => self.not_loaded(file, error, now),
            (Doing::Finish | Doing::Search, Ok(_)) => {}
            // The file stays, and a later process sends its delivered entries again.
            (Doing::Finish | Doing::Search, Err(OperationError { detail, .. })) => {
                self.events.push_back(Event::Skipped { detail });
            }
        }
        self.finish_flushes(now);
    }

    /// Writes all entries that were accepted so far. Returns the number to pass to [`is_written`](Self::is_written).
    pub const fn write_all(&mut self) -> u64 {
        if let Some(files) = &mut self.spool {
            files.write_before = self.next_entry;
        }
        self.next_entry
    }

    /// Whether all entries with lower numbers are in files, or settled.
    #[must_use]
    pub fn is_written(&self, before: u64) -> bool {
        self.first_unwritten() >= before
    }

    /// Whether the last attempt to write failed, so that entries stay in memory.
    #[must_use]
    pub fn is_spool_failing(&self) -> bool {
        self.spool.as_ref().is_some_and(|files| files.writing.is_failing())
    }

    pub(super) const fn has_spool(&self) -> bool {
        self.spool.is_some()
    }

    /// Records that entries are settled, so their files do not need them.
    pub(super) fn settle_stored(&mut self, settled: &Range<u64>) {
        if let Some(files) = &mut self.spool {
            let stored = files.resolve(settled);
            if settled.start >= Self::FIRST_ENTRY {
                self.counters.written.1 += stored;
            }
        }
    }

    /// The number of the first entry in memory that is in no file.
    pub(super) fn first_unwritten(&self) -> u64 {
        let Some(files) = &self.spool else { return self.next_entry };
        let numbers = self
            .batches_in_memory()
            .filter(|batch| batch.end() > files.written_before)
            .map(|batch| batch.first.max(files.written_before));
        numbers.min().unwrap_or(self.next_entry)
    }

    /// The batches in memory, in no order.
    fn batches_in_memory(&self) -> impl Iterator<Item = &Batch> {
        let flying = self.in_flight.iter().map(|flight| &flight.batch);
        self.queue.iter().chain(&self.suspects).chain(flying)
    }

    /// When the next operation is due without any other change.
    pub(super) fn next_operation(&self) -> Option<Tick> {
        let files = self.spool.as_ref().filter(|files| files.is_open() && files.doing.is_none())?;
        if !files.done.is_empty() {
            return Some(Tick::ZERO);
        } else if self.is_over {
            return None;
        }
        let read = self.wants_to_read().then(|| files.reading.ready_at());
        self.write_at().into_iter().chain(read).min()
    }

    /// Reports a failure once, and pauses.
    fn spool_failed(&mut self, detail: String, now: Tick) {
        if self.spool.as_mut().is_some_and(|files| files.writing.failed(now)) {
            self.events.push_back(Event::SpoolFailed { detail });
        }
    }

    fn spool_works(&mut self) {
        if self.spool.as_mut().is_some_and(|files| files.writing.succeeded()) {
            self.events.push_back(Event::SpoolWorks);
        }
    }

    /// Drops files whose entries are too old.
    fn doom_old_files(&mut self, wall: Timestamp) {
        let Some(files) = &mut self.spool else { return };
        let oldest = wall.as_micros().saturating_sub_unsigned(files.options.max_age.as_micros() as u64);
        for file in files.list.iter_mut().filter(|file| !file.in_memory && file.written.as_micros() < oldest)
        {
            file.doomed = file.doomed.or(Some(DropReason::Expired));
        }
        self.drop_doomed();
    }

    /// Drops the files whose entries are counted. Other files are read first to count them.
    fn drop_doomed(&mut self) {
        while let Some((index, reason)) = self.spool.as_ref().and_then(|files| files.next_doomed()) {
            let Some(files) = &mut self.spool else { return };
            let file = &mut files.list[index];
            let (first, stored) = (file.entries.as_ref().map_or(0, |entries| entries.start), file.stored);
            file.stored = 0;
            files.forget(index);
            if first >= Self::FIRST_ENTRY {
                self.counters.written.1 += stored;
            }
            self.count_lost(first, stored as usize, reason, "");
            self.resolve_flushes(first, stored);
        }
    }

    /// Puts entries that were read from a file into the queue, with numbers from this one on.
    fn put_rendered(&mut self, texts: &[&[u8]], mut first: u64, now: Tick) {
        for texts in texts.chunks(self.wire.max_entries().max(1)) {
            self.put_back(Batch::rendered(texts.iter().copied(), first, now));
            first += texts.len() as u64;
        }
    }
}
