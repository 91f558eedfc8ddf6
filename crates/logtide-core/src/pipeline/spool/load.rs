//! Reading entries from files.

use super::super::Pipeline;
use crate::{
    DropReason, Event, Tick,
    spool::{Content, Doing, File, FileId, Operation, OperationError, read},
};

/// How many attempts are made to read a file, over half a minute.
const MOST_FAILURES: u32 = 6;

impl Pipeline {
    /// Whether there is a file to read, and space for it.
    pub(super) fn wants_to_read(&self) -> bool {
        self.next_to_read().is_some()
    }

    /// The position of the next file to read.
    fn next_to_read(&self) -> Option<usize> {
        let files = self.spool.as_ref()?;
        let doomed = files.list.iter().position(|file| file.doomed.is_some() && file.entries.is_none());
        if doomed.is_some() {
            return doomed;
        }
        let is_little = self.waiting.entries <= self.options.max_entries / 4
            && self.held_bytes() <= self.options.max_bytes / 4;
        // While the server is away, the waiting entries are enough to find out when it is back.
        let is_idle = self.queue.is_empty() && self.in_flight.is_empty();
        let is_wanted = is_little && (!self.is_away() || is_idle);
        let next = files.list.iter().position(|file| !file.in_memory)?;
        (is_wanted || self.is_older(&files.list[next])).then_some(next)
    }

    /// Whether nothing may be sent until a file is read, because its entries are older than all in memory.
    pub(in super::super) fn waits_for_file(&self) -> bool {
        let Some(files) = self.spool.as_ref().filter(|files| files.is_open() && !files.reading.is_failing())
        else {
            return false;
        };
        let next = files.list.iter().find(|file| !file.in_memory && file.doomed.is_none());
        next.is_some_and(|file| self.is_older(file))
    }

    /// Whether an unread file has older entries than those that wait in memory, and there is space for them. Bad
    /// entries of earlier files may occupy the space for long, and then the others are sent first.
    fn is_older(&self, file: &File) -> bool {
        if self.held_bytes() > self.options.max_bytes / 2 {
            return false;
        }
        let Some(front) = self.queue.front() else { return false };
        match &file.entries {
            Some(entries) => entries.start < front.first,
            // Files that were found are read in order.
            None => front.first >= Self::FIRST_ENTRY,
        }
    }

    pub(super) fn poll_read(&mut self, now: Tick) -> Option<Operation> {
        let index = self.next_to_read()?;
        let files = self.spool.as_mut()?;
        if files.reading.ready_at() > now {
            return None;
        }
        let file = files.list[index].id;
        if files.open == Some(file) {
            files.open = None;
        }
        files.doing = Some(Doing::Read(file));
        Some(Operation::Read { file })
    }

    pub(super) fn loaded(&mut self, id: FileId, bytes: &[u8], now: Tick) {
        let Some((files, index)) = self.spool.as_mut().and_then(|files| {
            let index = files.position(id)?;
            Some((files, index))
        }) else {
            return;
        };
        let entries = match read(bytes, self.wire.name()) {
            Content::Entries(entries) => entries,
            Content::Foreign { detail } => {
                if let Some(file) = files.list.remove(index) {
                    files.bytes -= file.bytes;
                }
                let detail = format!("{} was written by {detail}", name(id));
                return self.events.push_back(Event::Skipped { detail });
            }
        };
        files.reading.succeeded();
        let texts: Vec<&[u8]> = entries.texts.iter().map(|text| &bytes[text.clone()]).collect();
        let file = &mut files.list[index];
        let known = file.entries.clone();
        file.is_damaged |= entries.is_damaged;
        let lost = match &known {
            Some(known) => (known.end - known.start).saturating_sub(texts.len() as u64),
            None => entries.lost,
        };
        let first = known.as_ref().map_or(files.next_found, |known| known.start);
        let count =
            (texts.len() as u64).min(known.as_ref().map_or(u64::MAX, |known| known.end - known.start));
        let texts = &texts[..count as usize];
        if known.is_none() {
            files.next_found += count;
            let file = &mut files.list[index];
            (file.entries, file.written_end, file.stored) =
                (Some(first..first + count), first + count, count);
            self.counters.recovered.read += count + lost;
        }
        if lost > 0 || entries.is_damaged {
            let detail = format!("{}: its readable entries are sent", name(id));
            self.events.push_back(Event::Damaged { entries: lost, detail });
        }
        self.lose_damaged(first + count, lost, known.is_some());
        let Some(file) = self.file(id) else { return };
        if file.doomed.is_some() {
            return self.drop_doomed();
        }
        file.in_memory = true;
        self.put_rendered(texts, first, now);
        if known.is_none() && count > 0 {
            self.events.push_back(Event::Recovered { entries: count as usize });
        }
        if let Some(files) = &mut self.spool {
            files.finish();
        }
    }

    pub(super) fn not_loaded(&mut self, id: FileId, error: OperationError, now: Tick) {
        if !error.is_final {
            return self.leave_later(id, error.detail, now);
        }
        let Some(file) = self.file(id) else { return };
        file.is_damaged = true;
        let known = file.entries.clone();
        let (first, stored) = (known.as_ref().map_or(0, |known| known.start), file.stored);
        file.entries.get_or_insert(0..0);
        self.events.push_back(Event::Damaged { entries: stored, detail: error.detail });
        self.lose_damaged(first, stored, known.is_some());
        if let Some(files) = &mut self.spool {
            files.finish();
        }
    }

    /// Retries a file later, or leaves it to a later process: it must not block the files after it forever.
    fn leave_later(&mut self, id: FileId, detail: String, now: Tick) {
        let Some((files, index)) = self.spool.as_mut().and_then(|files| {
            let index = files.position(id)?;
            Some((files, index))
        }) else {
            return;
        };
        files.reading.failed(now);
        let file = &mut files.list[index];
        file.failures += 1;
        if file.failures < MOST_FAILURES {
            return;
        }
        files.bytes -= file.bytes;
        files.list.remove(index);
        files.reading.succeeded();
        self.events.push_back(Event::Skipped { detail });
    }

    /// Counts entries that could not be read, with numbers from this one on if they have any.
    fn lose_damaged(&mut self, first: u64, lost: u64, are_numbered: bool) {
        if lost == 0 {
            return;
        }
        if are_numbered {
            self.settle_stored(&(first..first + lost));
            self.resolve_flushes(first, lost);
        }
        self.book_lost(first, lost as usize, DropReason::Damaged);
    }

    fn file(&mut self, id: FileId) -> Option<&mut File> {
        let files = self.spool.as_mut()?;
        let index = files.position(id)?;
        files.list.get_mut(index)
    }
}

fn name(id: FileId) -> String {
    format!("file {} of folder {}", id.number, id.folder)
}
