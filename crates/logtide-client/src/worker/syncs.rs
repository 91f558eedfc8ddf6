//! Log calls that wait until their entries are synced.

use std::{
    sync::PoisonError,
    time::{Duration, Instant},
};

use crate::sync::{Condvar, Mutex, MutexGuard};

/// Rounds in which a worker writes and syncs what was logged before. All callers that come before a round starts
/// share it.
///
/// When a worker ends, its callers wait for the next one, which gets what is still in the buffers.
#[derive(Debug, Default)]
pub(crate) struct Syncs {
    rounds: Mutex<Rounds>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Rounds {
    /// The last round that a caller waits for.
    wanted: u64,
    /// The last round that was started.
    begun: u64,
    /// The rounds that are running.
    running: Vec<u64>,
    /// How often a worker ended or could not be started.
    abandoned: u64,
}

impl Syncs {
    /// The longest time that a log call waits: a disk that hangs must not block the program forever.
    const MAX_WAIT: Duration = Duration::from_secs(10);

    /// Waits for the end of a round that starts after this call.
    ///
    /// `attend` wakes a sleeping worker if its argument is true, starts a worker if there is none, and returns whether
    /// there is one. It is called again after a worker has ended.
    pub(crate) fn wait(&self, mut attend: impl FnMut(bool) -> bool) {
        let deadline = Instant::now() + Self::MAX_WAIT;
        loop {
            let mut rounds = self.lock();
            let (round, abandoned) = (rounds.begun + 1, rounds.abandoned);
            let wakes = rounds.wanted < round;
            rounds.wanted = round;
            drop(rounds);
            if !attend(wakes) {
                return;
            }
            let mut rounds = self.lock();
            while rounds.abandoned == abandoned {
                let time = deadline.saturating_duration_since(Instant::now());
                if rounds.has_ended(round) || time.is_zero() {
                    return;
                }
                rounds = self.changed.wait_timeout(rounds, time).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    /// Starts the next round, if a caller waits for one. Later callers wait for another.
    pub(crate) fn begin(&self) -> Option<u64> {
        let mut rounds = self.lock();
        if rounds.wanted == rounds.begun {
            return None;
        }
        rounds.begun = rounds.wanted;
        let begun = rounds.begun;
        rounds.running.push(begun);
        Some(begun)
    }

    /// Ends a round.
    pub(crate) fn end(&self, round: u64) {
        let mut rounds = self.lock();
        rounds.running.retain(|other| *other != round);
        drop(rounds);
        self.changed.notify_all();
    }

    /// Records that a worker ended during these rounds, that none could be started, or that the entries were dropped.
    /// Callers look for another worker.
    pub(crate) fn abandon(&self, of_worker: impl IntoIterator<Item = u64>) {
        let mut rounds = self.lock();
        for round in of_worker {
            rounds.running.retain(|other| *other != round);
        }
        rounds.abandoned += 1;
        drop(rounds);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Rounds> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rounds {
    fn has_ended(&self, round: u64) -> bool {
        round <= self.begun && !self.running.contains(&round)
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use super::*;

    #[test]
    fn callers_before_a_round_share_it_and_later_ones_wait_for_the_next() {
        let syncs = Arc::new(Syncs::default());
        assert_eq!(syncs.begin(), None);
        let wait = || {
            let syncs = syncs.clone();
            thread::spawn(move || syncs.wait(|_| true))
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
        // Some callers may have arrived after the round was started and wait for the next one.
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
    fn no_caller_waits_without_a_worker() {
        Syncs::default().wait(|_| false);
    }

    #[test]
    fn callers_of_a_worker_that_ends_wait_for_the_next() {
        let syncs = Syncs::default();
        let mut asked = Vec::new();
        syncs.wait(|wakes| {
            asked.push(wakes);
            let round = syncs.begin().unwrap();
            // The first worker ends. Its round says nothing about what it had not written.
            if asked.len() == 1 {
                syncs.abandon([round]);
            } else {
                syncs.end(round);
            }
            true
        });
        assert_eq!(asked, [true, true]);
    }

    #[test]
    fn a_round_does_not_end_with_a_later_one_of_another_worker() {
        let syncs = Syncs::default();
        let mut rounds = Vec::new();
        syncs.wait(|_| {
            rounds.push(syncs.begin().unwrap());
            if rounds.len() == 1 {
                syncs.wait(|_| {
                    let other = syncs.begin().unwrap();
                    syncs.end(other);
                    assert!(!syncs.lock().has_ended(rounds[0]));
                    true
                });
                syncs.end(rounds[0]);
            }
            true
        });
        assert_eq!(rounds, [1]);
    }
}
