//! Log calls that wait until their entries are synced.

use std::{
    sync::PoisonError,
    time::{Duration, Instant},
};

use crate::sync::{Condvar, Mutex, MutexGuard};

/// Rounds in which the worker writes and syncs what was logged before. All callers that come before a round begins share it.
#[derive(Debug, Default)]
pub(crate) struct Syncs {
    rounds: Mutex<Rounds>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct Rounds {
    /// The last round that somebody waits for.
    wanted: u64,
    /// The last that began.
    begun: u64,
    /// The last that ended.
    ended: u64,
}

impl Syncs {
    /// The longest that a log call waits: a disk that hangs must not hold up the program for good.
    const MOST: Duration = Duration::from_secs(10);

    /// Waits for the end of a round that begins after this call. `wake` tells the worker that somebody waits.
    pub(crate) fn wait(&self, wake: impl FnOnce()) {
        let mut rounds = self.lock();
        let round = rounds.begun + 1;
        let is_first = rounds.wanted < round;
        rounds.wanted = round;
        drop(rounds);
        if is_first {
            wake();
        }
        let deadline = Instant::now() + Self::MOST;
        let mut rounds = self.lock();
        while rounds.ended < round {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            rounds = self.ended.wait_timeout(rounds, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Begins the next round, if somebody waits for one. Whoever comes after waits for another.
    pub(super) fn begin(&self) -> Option<u64> {
        let mut rounds = self.lock();
        let is_wanted = rounds.wanted > rounds.begun;
        rounds.begun = rounds.wanted;
        is_wanted.then_some(rounds.begun)
    }

    /// Ends all rounds up to that one.
    pub(super) fn end(&self, round: u64) {
        let mut rounds = self.lock();
        rounds.ended = rounds.ended.max(round);
        drop(rounds);
        self.ended.notify_all();
    }

    /// Ends all rounds: there is nobody any more who would.
    pub(super) fn end_all(&self) {
        let mut rounds = self.lock();
        (rounds.begun, rounds.ended) = (rounds.wanted, rounds.wanted);
        drop(rounds);
        self.ended.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Rounds> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use super::*;

    #[test]
    fn callers_that_come_before_a_round_share_it_and_later_ones_wait_for_the_next() {
        let syncs = Arc::new(Syncs::default());
        assert_eq!(syncs.begin(), None);
        let wait = || {
            let syncs = syncs.clone();
            thread::spawn(move || syncs.wait(|| {}))
        };
        let first = [wait(), wait(), wait()];
        let round = loop {
            if let Some(round) = syncs.begin() {
                break round;
            }
            thread::yield_now();
        };
        syncs.end(round);
        let mut waiting = 3;
        // Some may have come after the round began: the next is theirs.
        while first.iter().any(|thread| !thread.is_finished()) {
            if let Some(round) = syncs.begin() {
                syncs.end(round);
                waiting -= 1;
            }
            thread::yield_now();
        }
        assert!(waiting > 0);
        for thread in first {
            thread.join().unwrap();
        }
    }

    #[test]
    fn nobody_waits_for_a_worker_that_is_gone() {
        let syncs = Arc::new(Syncs::default());
        let waiting = {
            let syncs = syncs.clone();
            thread::spawn(move || syncs.wait(|| {}))
        };
        while !waiting.is_finished() {
            syncs.end_all();
            thread::yield_now();
        }
        waiting.join().unwrap();
    }
}
