//! Entries in memory that are in files too.

use std::ops::Range;

use super::super::Pipeline;
use crate::batch::Batch;

impl Pipeline {
    /// Frees entries that are in files too, the newest first, while more than half of the space is used.
    pub(in super::super) fn shed(&mut self) {
        while self.is_crowded() {
            let Some(index) = self.next_to_shed() else { return };
            let Some(entries) = self.spool.as_ref().and_then(|files| files.list[index].whole()) else {
                return;
            };
            self.take_out(&entries);
            if let Some(files) = &mut self.spool {
                files.list[index].in_memory = false;
            }
        }
    }

    fn is_crowded(&self) -> bool {
        self.has_spool()
            && (self.waiting.entries > self.options.max_entries / 2
                || self.waiting.bytes > self.options.max_bytes / 2)
    }

    /// The newest file whose entries all wait. The next entries to be sent stay in memory, and so do those of the
    /// file that is appended to.
    fn next_to_shed(&self) -> Option<usize> {
        let files = self.spool.as_ref()?;
        let front = self.queue.front()?.first;
        let may_go = |file: &crate::spool::File| {
            let entries = file.whole().filter(|_| file.in_memory && files.open != Some(file.id))?;
            (entries.start > front && self.waits_whole(&entries)).then_some(())
        };
        files.list.iter().rposition(|file| may_go(file).is_some())
    }

    /// Whether all these entries are in the queue.
    fn waits_whole(&self, entries: &Range<u64>) -> bool {
        let start = self.queue.partition_point(|batch| batch.end() <= entries.start);
        let mut covered = 0;
        for batch in self.queue.range(start..).take_while(|batch| batch.first < entries.end) {
            covered += batch.end().min(entries.end) - batch.first.max(entries.start);
        }
        covered == entries.end - entries.start
    }

    /// Removes entries from the queue.
    fn take_out(&mut self, entries: &Range<u64>) {
        self.divide_queue_at(entries.start);
        self.divide_queue_at(entries.end);
        let start = self.queue.partition_point(|batch| batch.first < entries.start);
        let end = self.queue.partition_point(|batch| batch.first < entries.end);
        let out: Vec<Batch> = self.queue.drain(start..end).collect();
        for batch in out {
            self.waiting.subtract(batch.size());
            self.rows.give(batch);
        }
        self.due_before = self.due_before.max(entries.end);
    }

    /// Splits the batch in the queue that contains this number, so that one starts with it.
    pub(in super::super) fn divide_queue_at(&mut self, number: u64) {
        let index = self.queue.partition_point(|batch| batch.end() <= number);
        let Some(batch) = self.queue.get(index).filter(|batch| batch.first < number) else { return };
        let at = (number - batch.first) as usize;
        let (attempts, not_before, waits) = (batch.attempts, batch.not_before, batch.waits);
        let Some(batch) = self.queue.remove(index) else { return };
        self.waiting.subtract(batch.size());
        for mut part in batch.split(at) {
            (part.attempts, part.not_before, part.waits) = (attempts, not_before, waits);
            self.put_back(part);
        }
    }
}
