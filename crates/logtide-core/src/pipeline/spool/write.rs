//! Writing entries into files.

use std::{ops::Range, time::Duration};

use super::super::Pipeline;
use crate::{
    CircuitState, DropReason, Event, Overflow, Tick, Timestamp,
    spool::{Block, Doing, File, FileId, Operation, OperationError},
};

/// The maximum number of entries in a file: as many as fit into a request.
const FILE_ENTRIES: usize = 1_000;

/// The maximum size of a file in bytes, unless a single entry is larger.
const FILE_BYTES: u64 = 1_000_000;

/// The longest time that entries wait to be written with others while the server is away.
const LINGER: Duration = Duration::from_secs(1);

impl Pipeline {
    /// Whether the server accepts nothing at present.
    pub(super) fn is_away(&self) -> bool {
        self.away > 0 || self.breaker.state() != CircuitState::Closed
    }

    /// The number of entries in a file: an eighth of the buffer, since files are freed and read as a whole.
    fn file_entries(&self) -> u64 {
        (self.options.max_entries / 8).clamp(FILE_ENTRIES / 10, FILE_ENTRIES) as u64
    }

    /// Whether memory is about to be short.
    fn is_pressed(&self) -> bool {
        let held = self.held();
        held.entries >= self.options.max_entries / 4 * 3 || held.bytes >= self.options.max_bytes / 2
    }

    /// When entries are due to be written, if there are any.
    pub(super) fn write_at(&self) -> Option<Tick> {
        let files = self.spool.as_ref()?;
        let first = self.first_unwritten();
        if first >= self.next_entry {
            return None;
        }
        let (is_away, is_pressed) = (self.is_away(), self.is_pressed());
        let is_full = is_away && self.next_entry - first >= self.file_entries();
        let linger = match files.options.write_after {
            Some(after) if is_away => Some(after.min(LINGER)),
            None if is_away => Some(LINGER),
            after => after,
        };
        let lingered = linger.map(|linger| self.since_of(first).max(files.last_write).after(linger));
        let at = if first < files.write_before || is_full || is_pressed {
            Tick::ZERO
        } else {
            let close = self.closing.map(|closing| closing.write_at());
            lingered.into_iter().chain(close).min()?
        };
        Some(at.max(files.writing.ready_at()))
    }

    /// How many more entries make a write due, or start the time after which one is due. `None` if no number does.
    pub(in super::super) fn entries_until_written(&self) -> Option<usize> {
        let files = self
            .spool
            .as_ref()
            .filter(|files| files.is_open() && files.doing.is_none() && !files.writing.is_failing())?;
        let unwritten = self.next_entry - self.first_unwritten();
        let is_timed = files.options.write_after.is_some() || self.is_away();
        if unwritten == 0 && is_timed {
            return Some(1);
        }
        let until_pressed = (self.options.max_entries / 4 * 3).saturating_sub(self.held().entries).max(1);
        let until_full =
            self.is_away().then(|| self.file_entries().saturating_sub(unwritten).max(1) as usize);
        Some(until_full.unwrap_or(until_pressed).min(until_pressed))
    }

    /// When the batch of this entry was started.
    fn since_of(&self, number: u64) -> Tick {
        let batches = self.batches_in_memory().filter(|batch| batch.end() > number);
        batches.min_by_key(|batch| batch.first).map_or(Tick::ZERO, |batch| batch.since)
    }

    pub(super) fn poll_write(&mut self, now: Tick, wall: Timestamp) -> Option<Operation> {
        if self.write_at()? > now {
            return None;
        }
        let (block, entries) = self.block();
        let count = block.len() as u64;
        let bytes = block.finish(self.wire.name(), wall);
        let size = bytes.len() as u64;
        let open = self.open_file(&entries, size);
        if !self.has_place(size, open.is_none(), now) {
            return None;
        }
        // The file that is dropped for the new one is removed first, so that the limits hold on the disk too.
        let files = self.spool.as_mut().filter(|files| files.done.is_empty())?;
        let (id, is_new) = match open {
            Some(index) => {
                let file = &mut files.list[index];
                file.entries =
                    Some(file.entries.as_ref().map_or(entries.start, |before| before.start)..entries.end);
                (file.writing, file.written) = (count, wall);
                (file.id, false)
            }
            None => {
                let id = files.next_file()?;
                files.list.push_back(File::new(id, entries.clone(), count, wall));
                files.open = Some(id);
                (id, true)
            }
        };
        files.doing = Some(Doing::Write { file: id, entries, bytes: size, is_new });
        Some(if is_new {
            Operation::Create { file: id, bytes }
        } else {
            Operation::Append { file: id, bytes }
        })
    }

    /// The next entries to write, rendered, and their numbers.
    fn block(&mut self) -> (Block, Range<u64>) {
        let start = self.first_unwritten();
        let most = self.file_entries();
        let (mut block, mut end, mut text) = (Block::default(), start, Vec::new());
        let Self { wire, queue, suspects, in_flight, .. } = self;
        let flying = in_flight.iter().map(|flight| &flight.batch);
        let mut batches: Vec<_> = queue.iter().chain(&*suspects).chain(flying).collect();
        batches.sort_unstable_by_key(|batch| batch.first);
        for batch in batches {
            for number in batch.first.max(start)..batch.end() {
                text.clear();
                batch.render(number, &mut **wire, &mut text);
                let is_full = block.len() as u64 >= most || (block.bytes() + text.len()) as u64 > FILE_BYTES;
                if is_full && block.len() > 0 {
                    return (block, start..end);
                }
                block.push(&text);
                end = number + 1;
            }
        }
        (block, start..end)
    }

    /// The position of the file that is appended to, if it has space for more.
    fn open_file(&self, entries: &Range<u64>, bytes: u64) -> Option<usize> {
        let files = self.spool.as_ref()?;
        let index = files.position(files.open?)?;
        let file = &files.list[index];
        let start = file.entries.as_ref()?.start;
        let fits = entries.end - start <= self.file_entries() && file.bytes + bytes <= FILE_BYTES;
        fits.then_some(index)
    }

    /// Whether the limits of the spool allow this many more bytes. Drops the oldest files if that is asked for and
    /// frees enough space.
    fn has_place(&mut self, bytes: u64, is_new: bool, now: Tick) -> bool {
        let overflow = self.options.overflow;
        while let Some(files) = &mut self.spool {
            if files.has_place(bytes, is_new) {
                return true;
            }
            // Dropping a file that frees too little space would be useless.
            let may_drop = overflow == Overflow::Oldest && files.can_make_place(bytes, is_new);
            let oldest = files.list.iter_mut().find(|file| !file.in_memory).filter(|_| may_drop);
            let Some(oldest) = oldest else {
                let detail =
                    format!("the spool is full: {} files with {} bytes", files.list.len(), files.bytes);
                self.spool_failed(detail, now);
                return false;
            };
            oldest.doomed = oldest.doomed.or(Some(DropReason::SpoolFull));
            if oldest.entries.is_none() {
                // It is read first, to count its entries.
                if files.reading.is_failing() {
                    self.spool_failed(
                        "the spool is full, and its oldest file cannot be read".to_owned(),
                        now,
                    );
                }
                return false;
            }
            self.drop_doomed();
        }
        false
    }

    pub(super) fn wrote(&mut self, id: FileId, entries: Range<u64>, bytes: u64, now: Tick) {
        let Some(files) = &mut self.spool else { return };
        files.written_before = entries.end;
        files.last_write = now;
        if let Some(index) = files.position(id) {
            let file = &mut files.list[index];
            let written = std::mem::take(&mut file.writing);
            file.stored += written;
            file.written_end = entries.end;
            file.bytes += bytes;
            files.bytes += bytes;
            self.counters.written.0 += written;
            if written > 0 {
                self.events.push_back(Event::Spooled { entries: written as usize });
            }
            files.finish();
        }
        self.spool_works();
    }

    pub(super) fn not_written(&mut self, id: FileId, is_new: bool, error: OperationError, now: Tick) {
        if let Some(files) = &mut self.spool {
            // Nothing is appended to it any more, because its end is not known.
            files.open = None;
            if let Some(index) = files.position(id) {
                let file = &mut files.list[index];
                file.writing = 0;
                file.entries = file.entries.as_ref().map(|entries| entries.start..file.written_end);
                if is_new {
                    files.forget(index);
                } else {
                    files.finish();
                }
            }
        }
        self.spool_failed(error.detail, now);
    }
}
