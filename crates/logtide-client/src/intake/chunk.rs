//! Entries in a row.

use std::{collections::VecDeque, time::Instant};

use super::{
    Entry,
    supply::{Lack, Supply},
};
use crate::stacktrace::{Resolver, Stack};

/// Bytes of the first chunk that is filled, unless a single entry is larger.
pub(super) const CHUNK_BYTES: usize = 64 * 1024;

/// Bytes of those after it. Allocators give memory of this size back to the system when it is freed, so a backlog that moves on to the
/// worker is not held twice.
pub(super) const BACKLOG_CHUNK_BYTES: usize = 256 * 1024;

/// Bytes of time and length in front of an entry.
const RECORD_HEAD: usize = 12;

/// Marks the length of an entry that has a backtrace. The intake refuses entries of more than 50 MiB, so lengths leave it free.
const HAS_BACKTRACE: u32 = 1 << 31;

/// Encoded entries, each behind its time and length, read from the front.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    bytes: Vec<u8>,
    /// Of those entries that have one and were not read yet, in their order.
    backtraces: VecDeque<Stack>,
    /// Until when entries wait for the names of theirs.
    wait_until: Option<Instant>,
    /// How far it has been read.
    read: usize,
}

/// An entry as it stands in a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    pub(super) time: u64,
    pub(super) bytes: &'a [u8],
    has_backtrace: bool,
}

impl Chunk {
    /// An empty chunk with room for at least so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// Whether an entry of that length fits without an allocation.
    pub(super) fn fits(&self, entry: usize) -> bool {
        self.bytes.len() + Self::record_len(entry) <= self.bytes.capacity()
    }

    /// Makes room for the backtrace of an entry, from the supply alone.
    pub(super) fn make_room(&mut self, entry: &Entry<'_>, supply: &mut Supply) -> Result<(), Lack> {
        let held = self.backtraces.len();
        if entry.backtrace.is_none() || held < self.backtraces.capacity() {
            return Ok(());
        }
        if supply.backtraces.capacity() <= held {
            return Err(Lack::Backtraces(held));
        }
        std::mem::swap(&mut self.backtraces, &mut supply.backtraces);
        self.backtraces.append(&mut supply.backtraces);
        Ok(())
    }

    /// Adds an entry, and takes its backtrace.
    pub(super) fn append(&mut self, entry: &mut Entry<'_>) {
        let mut length = entry.bytes.len() as u32;
        if let Some(backtrace) = entry.backtrace.take() {
            length |= HAS_BACKTRACE;
            self.backtraces.push_back(backtrace);
        }
        let mut head = [0; RECORD_HEAD];
        head[..8].copy_from_slice(&entry.time.to_le_bytes());
        head[8..].copy_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(&head);
        self.bytes.extend_from_slice(entry.bytes);
    }

    /// The first entry that was not read yet.
    pub(super) fn head(&self) -> Option<Record<'_>> {
        record(&self.bytes, self.read)
    }

    /// Reads the first entry that was not read yet.
    pub(super) fn take(&mut self) -> Option<Entry<'_>> {
        let record = record(&self.bytes, self.read)?;
        self.read += Self::record_len(record.bytes.len());
        let backtrace = if record.has_backtrace { self.backtraces.pop_front() } else { None };
        Some(Entry { time: record.time, bytes: record.bytes, backtrace })
    }

    /// Has the backtraces resolved; entries wait for theirs until then.
    pub(super) fn resolve(&mut self, resolver: &Resolver, until: impl FnOnce() -> Instant) {
        if !self.backtraces.is_empty() {
            self.backtraces.iter().for_each(|backtrace| resolver.resolve(backtrace));
            self.wait_until = Some(until());
        }
    }

    /// Has entries wait no longer than until then.
    pub(super) fn hurry(&mut self, until: Instant) {
        self.wait_until = self.wait_until.map(|at| at.min(until));
    }

    /// Until when the first entry that was not read yet waits for the names of its backtrace, if it does.
    pub(super) fn waits_until(&self) -> Option<Instant> {
        let has_backtrace = self.head().is_some_and(|record| record.has_backtrace);
        let waits = has_backtrace && self.backtraces.front().is_some_and(|stack| !stack.is_resolved());
        self.wait_until.filter(|until| waits && Instant::now() < *until)
    }

    /// Whether all of it was read.
    pub(super) fn is_read(&self) -> bool {
        self.read >= self.bytes.len()
    }

    /// Empties the chunk for reuse; one that grew for a large entry is not kept.
    pub(super) fn recycle(mut self) -> Option<Self> {
        self.bytes.clear();
        self.backtraces.clear();
        self.wait_until = None;
        self.read = 0;
        (self.bytes.capacity() <= BACKLOG_CHUNK_BYTES).then_some(self)
    }

    /// Bytes that an entry of that length takes.
    pub(super) const fn record_len(entry: usize) -> usize {
        RECORD_HEAD + entry
    }
}

/// The entry that starts there.
fn record(bytes: &[u8], offset: usize) -> Option<Record<'_>> {
    let (time, rest) = bytes.get(offset..)?.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length);
    Some(Record {
        time: u64::from_le_bytes(*time),
        bytes: rest.get(..(length & !HAS_BACKTRACE) as usize)?,
        has_backtrace: length & HAS_BACKTRACE != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_in_the_order_they_came() {
        let mut chunk = Chunk::default();
        for (time, text, backtrace) in [(1, "one", None), (2, "", Stack::of_panic()), (3, "three", None)] {
            chunk.append(&mut Entry { time, bytes: text.as_bytes(), backtrace });
        }
        let mut next =
            || chunk.take().map(|entry| (entry.time, entry.bytes.len(), entry.backtrace.is_some()));
        assert_eq!([next(), next()], [Some((1, 3, false)), Some((2, 0, true))]);
        assert!(!chunk.is_read());
        assert_eq!(chunk.head().map(|record| (record.time, record.bytes)), Some((3, b"three".as_slice())));
        assert!(chunk.take().is_some() && chunk.is_read() && chunk.take().is_none());
        assert_eq!(chunk.recycle().expect("it is small").head(), None);
    }
}
