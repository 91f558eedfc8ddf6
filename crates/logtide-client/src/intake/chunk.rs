//! Consecutive records.

use std::{collections::VecDeque, time::Instant};

use logtide_core::Record;

use super::supply::{Lack, Supply};
use crate::stacktrace::{Resolver, Stack};

/// The size of the first chunk in bytes, unless a single record is larger.
pub(super) const CHUNK_BYTES: usize = 64 * 1024;

/// The size of the following chunks in bytes. Allocators return memory of this size to the system when it is freed,
/// so a backlog that moves to the worker is not held twice.
pub(super) const BACKLOG_CHUNK_BYTES: usize = 256 * 1024;

/// Consecutive records, read from the front. Some have a stack, whose frames the worker attaches.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    bytes: Vec<u8>,
    /// The stacks of unread records that have one, in order, with the position of the record.
    stacks: VecDeque<(usize, Stack)>,
    /// Until when records wait for the symbols of their stacks.
    wait_until: Option<Instant>,
    /// The position of the first unread record.
    read: usize,
}

impl Chunk {
    /// Creates an empty chunk with capacity for at least this many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// Whether a record of this length fits without an allocation.
    pub(super) fn fits(&self, record: usize) -> bool {
        self.bytes.capacity() - self.bytes.len() >= record
    }

    /// Reserves memory for the stack of a record, from the supply only.
    pub(super) fn reserve_stack(&mut self, stack: Option<&Stack>, supply: &mut Supply) -> Result<(), Lack> {
        let held = self.stacks.len();
        if stack.is_none() || held < self.stacks.capacity() {
            return Ok(());
        }
        if supply.stacks.capacity() <= held {
            return Err(Lack::Stacks(held));
        }
        std::mem::swap(&mut self.stacks, &mut supply.stacks);
        self.stacks.append(&mut supply.stacks);
        Ok(())
    }

    /// Adds a record.
    #[inline]
    pub(super) fn append(&mut self, record: Record<'_>) {
        self.bytes.extend_from_slice(record.as_bytes());
    }

    /// Adds a record with its stack.
    pub(super) fn append_with(&mut self, record: Record<'_>, stack: &mut Option<Stack>) {
        if let Some(stack) = stack.take() {
            self.stacks.push_back((self.bytes.len(), stack));
        }
        self.append(record);
    }

    /// The first unread record.
    #[inline]
    pub(super) fn head(&self) -> Option<Record<'_>> {
        Record::first(self.bytes.get(self.read..)?)
    }

    /// Removes the first unread record.
    pub(super) fn take(&mut self) -> Option<(Record<'_>, Option<Stack>)> {
        let start = self.read;
        let record = Record::first(self.bytes.get(start..)?)?;
        self.read += record.len();
        let has_stack = self.stacks.front().is_some_and(|(at, _)| *at == start);
        let stack = if has_stack { self.stacks.pop_front().map(|(_, stack)| stack) } else { None };
        Some((record, stack))
    }

    /// Starts to resolve the stacks. Records wait for theirs until then.
    pub(super) fn resolve(&mut self, resolver: &Resolver, until: impl FnOnce() -> Instant) {
        if !self.stacks.is_empty() {
            self.stacks.iter().for_each(|(_, stack)| resolver.resolve(stack));
            self.wait_until = Some(until());
        }
    }

    /// Limits how long records wait.
    pub(super) fn limit_wait(&mut self, until: Instant) {
        self.wait_until = self.wait_until.map(|at| at.min(until));
    }

    /// Until when the first unread record waits for the symbols of its stack, if it does.
    pub(super) fn waits_until(&self) -> Option<Instant> {
        let wait_until = self.wait_until?;
        let waits = self.stacks.front().is_some_and(|(at, stack)| *at == self.read && !stack.is_resolved());
        (waits && Instant::now() < wait_until).then_some(wait_until)
    }

    /// Whether everything was read.
    pub(super) fn is_read(&self) -> bool {
        self.read >= self.bytes.len()
    }

    /// Clears the chunk for reuse, unless it grew for a large record.
    pub(super) fn recycle(mut self) -> Option<Self> {
        self.bytes.clear();
        self.stacks.clear();
        self.wait_until = None;
        self.read = 0;
        (self.bytes.capacity() <= BACKLOG_CHUNK_BYTES).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::tests::record;

    #[test]
    fn records_are_read_in_the_order_they_came() {
        let mut chunk = Chunk::default();
        for (time, text, mut stack) in [(1, "one", None), (2, "", Stack::of_panic()), (3, "three", None)] {
            record(time, text, |record| chunk.append_with(record, &mut stack));
        }
        let mut next = || {
            chunk
                .take()
                .map(|(record, stack)| (record.nanos(), record.message().map(str::len), stack.is_some()))
        };
        assert_eq!([next(), next()], [Some((1, Some(3), false)), Some((2, Some(0), true))]);
        assert!(!chunk.is_read());
        assert_eq!(chunk.head().and_then(|record| record.message()), Some("three"));
        assert!(chunk.take().is_some() && chunk.is_read() && chunk.take().is_none());
        assert_eq!(chunk.recycle().expect("it is small").head(), None);
    }
}
