//! The worker's side of the buffers.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use tokio::{task::yield_now, time::timeout_at};

use logtide_core::Record;

use super::{Intake, chunk::Chunk};
use crate::stacktrace::{Resolver, Stack};

/// Collects the entries of all buffers, and returns them in the order of their time.
///
/// The entries of one buffer keep their order. Across buffers, the order is certain up to a watermark: the time
/// before the first buffer is emptied. If one log call returned before another began, the other has a later time. So
/// if the later entry is below the watermark, the earlier one has been collected too. Entries above the watermark
/// wait for the next round.
///
/// An entry whose stack is being resolved waits for at most [`FRAMES_TIMEOUT`], and later entries wait with it.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    lanes: [Lane; Intake::SHARDS],
    filled: Vec<Chunk>,
    empty: Vec<Chunk>,
    resolver: Resolver,
    /// Until when the next entry waits: for the symbols of its stack, or to let others run.
    wait_until: Option<Instant>,
    /// The entries and bytes that were collected so far.
    collected: (u64, u64),
}

/// The longest time that an entry waits for the symbols of its stack. After that it has only the location of its log
/// call.
const FRAMES_TIMEOUT: Duration = Duration::from_secs(5);

/// The maximum number of consecutive entries with frames. Attaching frames takes as long as handing out a hundred
/// entries without, and requests run on the same thread.
const FRAMES_AT_ONCE: usize = 16;

/// The entries of one buffer.
#[derive(Debug, Default)]
struct Lane {
    chunks: VecDeque<Chunk>,
}

impl Inbox {
    /// Empty chunks kept for the buffers.
    const SPARES: usize = 2 * Intake::SHARDS;

    /// Collects the entries of the buffers.
    pub(crate) fn collect(&mut self, intake: &Intake) {
        for (shard, lane) in intake.shards.iter().zip(&mut self.lanes) {
            let capacity = intake.bounds_buffers_alone().then_some(&intake.capacity);
            let (entries, bytes) = shard.collect(&mut self.filled, &mut self.empty, capacity);
            self.collected.0 += entries as u64;
            self.collected.1 += bytes as u64;
            for chunk in &mut self.filled {
                chunk.resolve(&self.resolver, || Instant::now() + FRAMES_TIMEOUT);
            }
            lane.chunks.extend(self.filled.drain(..));
        }
    }

    /// Hands out the collected entries up to the watermark, until one has to [wait](Self::is_waiting).
    pub(crate) fn hand_out(&mut self, watermark: u64, mut take: impl FnMut(Record<'_>, Option<Stack>)) {
        self.wait_until = None;
        let mut with_frames = 0;
        while let Some((first, second)) = self.earliest() {
            // Entries of the earliest lane are next while no other lane has an earlier one.
            let until = watermark.min(second);
            let lane = &mut self.lanes[first];
            let mut any = false;
            while lane.head().is_some_and(|record| record.nanos() <= until) {
                any = true;
                self.wait_until = lane.chunks.front().and_then(Chunk::waits_until);
                if self.wait_until.is_some() {
                    return;
                }
                if with_frames == FRAMES_AT_ONCE {
                    self.wait_until = Some(Instant::now());
                    return;
                }
                if let Some((record, stack)) = lane.chunks.front_mut().and_then(Chunk::take) {
                    with_frames += usize::from(stack.is_some());
                    take(record, stack);
                }
                lane.recycle_read(&mut self.empty);
            }
            if !any {
                break;
            }
        }
    }

    /// Whether the next entry waits for the symbols of its stack, or to let others run.
    pub(crate) const fn is_waiting(&self) -> bool {
        self.wait_until.is_some()
    }

    /// Waits until entries can be handed out again.
    pub(crate) async fn resolved(&self) {
        match self.wait_until {
            Some(until) if until <= Instant::now() => yield_now().await,
            Some(until) => drop(timeout_at(until.into(), self.resolver.resolved()).await),
            None => std::future::pending().await,
        }
    }

    /// Limits how long the collected entries wait for symbols.
    pub(crate) fn limit_wait(&mut self, until: Instant) {
        self.lanes.iter_mut().flat_map(|lane| &mut lane.chunks).for_each(|chunk| chunk.limit_wait(until));
    }

    /// Entries and bytes that were collected so far, handed out or not.
    pub(crate) const fn collected(&self) -> (u64, u64) {
        self.collected
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lanes.iter().all(|lane| lane.chunks.is_empty())
    }

    /// The lane with the earliest entry, and the time of the earliest entry of all others.
    fn earliest(&self) -> Option<(usize, u64)> {
        let mut best: Option<(usize, u64)> = None;
        let mut second = u64::MAX;
        for (index, lane) in self.lanes.iter().enumerate() {
            let Some(time) = lane.head().map(Record::nanos) else { continue };
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
    fn head(&self) -> Option<Record<'_>> {
        self.chunks.front()?.head()
    }

    /// Recycles a chunk that was read to its end.
    fn recycle_read(&mut self, empty: &mut Vec<Chunk>) {
        if self.chunks.front().is_some_and(Chunk::is_read) {
            let read = self.chunks.pop_front();
            if empty.len() < Inbox::SPARES {
                empty.extend(read.and_then(Chunk::recycle));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use logtide_transport::Driver;

    use super::*;
    use crate::{
        ClientOptions,
        intake::{shard::Offer, tests::record},
    };

    fn intake() -> Intake {
        Intake::new(&ClientOptions::new("http://localhost", "k").max_buffer_size(100_000))
    }

    /// Leaves entries in a shard of the test's choice; each entry's text is its time.
    fn leave(intake: &Intake, shard: usize, times: &[u64]) {
        for time in times {
            assert_eq!(leave_one(intake, shard, *time, None), Offer::Taken);
        }
    }

    fn leave_one(intake: &Intake, shard: usize, time: u64, mut stack: Option<Stack>) -> Offer {
        record(time, &time.to_string(), |record| {
            intake.shards[shard].offer(record, &mut stack, &intake.capacity)
        })
    }

    fn handed_out(inbox: &mut Inbox, watermark: u64) -> Vec<u64> {
        let mut times = Vec::new();
        inbox.hand_out(watermark, |record, _| {
            assert_eq!(record.message(), Some(record.nanos().to_string().as_str()));
            times.push(record.nanos());
        });
        times
    }

    #[test]
    fn shards_are_merged_by_time_up_to_the_watermark() {
        let (intake, mut inbox) = (intake(), Inbox::default());
        leave(&intake, 0, &[1, 4, 9]);
        leave(&intake, 3, &[2, 3, 8]);
        leave(&intake, 7, &[5]);
        inbox.collect(&intake);
        assert_eq!(handed_out(&mut inbox, 5), [1, 2, 3, 4, 5]);
        leave(&intake, 0, &[10]);
        leave(&intake, 1, &[6, 7]);
        inbox.collect(&intake);
        assert_eq!(handed_out(&mut inbox, u64::MAX), [6, 7, 8, 9, 10]);
        assert!(inbox.is_empty() && intake.is_empty());
    }

    #[test]
    fn entries_behind_a_backtrace_wait_for_its_names_until_they_are_too_late() {
        let (intake, mut inbox) = (intake(), Inbox::default());
        leave(&intake, 0, &[1]);
        let stack = Stack::of_panic();
        leave_one(&intake, 0, 2, stack.clone());
        leave(&intake, 0, &[3]);
        leave(&intake, 1, &[4]);
        inbox.collect(&intake);
        let mut times = handed_out(&mut inbox, u64::MAX);
        if inbox.is_waiting() {
            let driver = Driver::new();
            let waiting = inbox;
            let wait = async move {
                waiting.resolved().await;
                waiting
            };
            inbox = driver.run_blocking(Duration::from_secs(30), wait).unwrap();
            times.extend(handed_out(&mut inbox, u64::MAX));
        }
        assert_eq!(times, [1, 2, 3, 4]);

        let never = Resolver::paused();
        let (_held, mut inbox) = (stack, Inbox { resolver: never, ..Inbox::default() });
        for (time, stack) in [(1, None), (2, Stack::of_panic()), (3, None)] {
            leave_one(&intake, 0, time, stack);
        }
        inbox.collect(&intake);
        assert_eq!((handed_out(&mut inbox, u64::MAX), inbox.is_waiting()), (vec![1], true));
        assert_eq!((handed_out(&mut inbox, u64::MAX), inbox.is_waiting()), (vec![], true));
        inbox.limit_wait(Instant::now());
        assert_eq!((handed_out(&mut inbox, u64::MAX), inbox.is_waiting()), (vec![2, 3], false));
        assert!(inbox.is_empty());
    }

    #[test]
    fn entries_with_frames_are_handed_out_some_at_a_time() {
        let (intake, mut inbox) = (intake(), Inbox::default());
        let stack = Stack::of_panic().expect("a stack");
        stack.resolve();
        for time in 0..40_u64 {
            leave_one(&intake, 0, time, Some(stack.clone()));
        }
        inbox.collect(&intake);
        let mut times = Vec::new();
        for (count, waits) in [(16, true), (32, true), (40, false)] {
            times.extend(handed_out(&mut inbox, u64::MAX));
            assert_eq!((times.len(), inbox.is_waiting()), (count, waits));
        }
        assert_eq!(times, (0..40).collect::<Vec<_>>());
    }

    #[test]
    fn a_shard_keeps_its_own_order_when_the_clock_is_set_back() {
        let (intake, mut inbox) = (intake(), Inbox::default());
        leave(&intake, 0, &[100, 5, 6]);
        leave(&intake, 1, &[7]);
        inbox.collect(&intake);
        assert_eq!(handed_out(&mut inbox, 50), [7]);
        assert_eq!(handed_out(&mut inbox, u64::MAX), [100, 5, 6]);
    }

    #[test]
    fn entries_beyond_a_chunk_are_kept_whole_and_chunks_come_back() {
        let (intake, mut inbox) = (intake(), Inbox::default());
        let times: Vec<u64> = (0..20_000).collect();
        leave(&intake, 2, &times);
        inbox.collect(&intake);
        assert_eq!(handed_out(&mut inbox, u64::MAX), times);
        let chunks = inbox.empty.len();
        assert!((2..=Inbox::SPARES).contains(&chunks), "{chunks}");
        inbox.collect(&intake);
        assert!(inbox.empty.len() < chunks, "the shards take them for their next entries");
    }
}
