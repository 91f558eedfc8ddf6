//! The worker's side of the buffers.

use std::collections::VecDeque;

use super::{
    Intake,
    shard::{Chunk, RECORD_HEAD},
};

/// Collects the entries of all buffers and hands them out in the order of their time.
///
/// The entries of one buffer keep their order. Across buffers the order is cut at a watermark: the time read before the first buffer
/// is emptied. An entry that was logged after another one had been logged has a later time; so when it lies below the watermark
/// the other one has been collected too, and what lies above it waits for the next round.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    lanes: [Lane; Intake::SHARDS],
    filled: Vec<Chunk>,
    empty: Vec<Chunk>,
}

/// The entries of one buffer.
#[derive(Debug, Default)]
struct Lane {
    chunks: VecDeque<Chunk>,
    /// How far the first chunk has been read.
    offset: usize,
}

/// An entry on its way from the buffers to the pipeline.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// When it was logged, in nanoseconds since 1970.
    pub(crate) time: u64,
    /// Its encoded form.
    pub(crate) bytes: &'a [u8],
}

impl Inbox {
    /// Empty chunks kept for the buffers.
    const SPARES: usize = 2 * Intake::SHARDS;

    /// Empties the buffers.
    pub(crate) fn collect(&mut self, intake: &Intake) {
        for (shard, lane) in intake.shards.iter().zip(&mut self.lanes) {
            shard.collect(&mut self.filled, &mut self.empty);
            lane.chunks.extend(self.filled.drain(..));
        }
    }

    /// Hands out what was collected and is not later than the watermark.
    pub(crate) fn hand_out(&mut self, watermark: u64, mut take: impl FnMut(Entry<'_>)) {
        while let Some((first, second)) = self.earliest() {
            // Entries of the earliest lane go on as long as no other lane has an earlier one.
            let until = watermark.min(second);
            let lane = &mut self.lanes[first];
            let mut any = false;
            while let Some(entry) = lane.head().filter(|entry| entry.time <= until) {
                any = true;
                take(entry);
                let read = RECORD_HEAD + entry.bytes.len();
                lane.advance(read, &mut self.empty);
            }
            if !any {
                break;
            }
        }
        self.empty.truncate(Self::SPARES);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lanes.iter().all(|lane| lane.chunks.is_empty())
    }

    /// The lane with the earliest entry, and the time of the earliest entry of all others.
    fn earliest(&self) -> Option<(usize, u64)> {
        let mut best: Option<(usize, u64)> = None;
        let mut second = u64::MAX;
        for (index, lane) in self.lanes.iter().enumerate() {
            let Some(Entry { time, .. }) = lane.head() else { continue };
            match best {
                Some((_, earliest)) if earliest <= time => second = second.min(time),
                Some((_, earliest)) => {
                    second = earliest;
                    best = Some((index, time));
                }
                None => best = Some((index, time)),
            }
        }
        best.map(|(index, _)| (index, second))
    }
}

impl Lane {
    fn head(&self) -> Option<Entry<'_>> {
        let (time, bytes) = self.chunks.front()?.record(self.offset)?;
        Some(Entry { time, bytes })
    }

    fn advance(&mut self, bytes: usize, empty: &mut Vec<Chunk>) {
        self.offset += bytes;
        if self.chunks.front().is_some_and(|chunk| self.offset >= chunk.0.len()) {
            self.offset = 0;
            empty.extend(self.chunks.pop_front().and_then(Chunk::recycle));
        }
    }
}
