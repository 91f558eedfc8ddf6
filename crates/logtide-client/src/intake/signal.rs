//! When the worker is woken.

use crate::sync::{
    Notify,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

/// Wakes the worker when as many entries have come as it waits for, and not for each entry.
///
/// A sleeping worker arms the signal with a number; producers count it down after they have left their entry. The worker looks at
/// the buffers once more after arming: an entry left before that look is seen by it, and one left after it counts.
#[derive(Debug)]
pub(crate) struct Signal {
    armed: AtomicBool,
    remaining: AtomicI64,
    hurried: AtomicBool,
    notify: Notify,
    /// Bytes that count as much as an entry, because a batch is due by its size too.
    bytes_per_count: usize,
}

impl Signal {
    pub(super) fn new(bytes_per_count: usize) -> Self {
        Self {
            armed: AtomicBool::new(false),
            remaining: AtomicI64::new(0),
            hurried: AtomicBool::new(false),
            notify: Notify::new(),
            bytes_per_count: bytes_per_count.max(1),
        }
    }

    /// How many entries so many bytes count as.
    pub(super) const fn counts(&self, bytes: usize) -> usize {
        bytes / self.bytes_per_count
    }

    /// Counts an entry, and wakes the worker with the last that it waits for.
    pub(super) fn added(&self, bytes: usize) {
        if !self.armed.load(Ordering::SeqCst) {
            return;
        }
        let weight = 1 + (bytes / self.bytes_per_count) as i64;
        let before = self.remaining.fetch_sub(weight, Ordering::SeqCst);
        if before > 0 && before <= weight {
            self.disarm();
            self.notify.notify_one();
        }
    }

    /// Wakes the worker, or ends its next sleep at once.
    pub(crate) fn wake(&self) {
        self.notify.notify_one();
    }

    /// Wakes the worker to send what there is and what comes, until room is made: a caller waits for that.
    pub(crate) fn hurry(&self) {
        self.hurried.store(true, Ordering::SeqCst);
        self.notify.notify_one();
    }

    /// Whether a caller has found no room since some was made.
    pub(crate) fn is_hurried(&self) -> bool {
        self.hurried.load(Ordering::SeqCst)
    }

    /// Room is about to be made. Whoever finds none after that hurries again.
    pub(super) fn calm(&self) {
        self.hurried.store(false, Ordering::SeqCst);
    }

    /// Wakes the worker when so many more entries have come.
    pub(crate) fn arm(&self, entries: usize) {
        self.remaining.store(i64::try_from(entries).unwrap_or(i64::MAX), Ordering::SeqCst);
        self.armed.store(true, Ordering::SeqCst);
    }

    pub(crate) fn disarm(&self) {
        self.armed.store(false, Ordering::SeqCst);
    }

    /// Waits to be woken.
    pub(crate) fn notified(&self) -> impl Future<Output = ()> {
        self.notify.notified()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Waker},
    };

    use super::*;

    fn is_woken(signal: &Signal) -> bool {
        pin!(signal.notified()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn the_last_entry_that_is_waited_for_wakes_once() {
        let signal = Signal::new(1_000);
        let woken = || {
            signal.added(1);
            is_woken(&signal)
        };
        assert!(!woken(), "nobody sleeps");
        signal.arm(3);
        assert_eq!([(); 5].map(|()| woken()), [false, false, true, false, false]);
    }

    #[test]
    fn large_entries_count_for_more() {
        let signal = Signal::new(1_000);
        signal.arm(100);
        signal.added(50_000);
        assert!(!is_woken(&signal));
        signal.added(50_000);
        assert!(is_woken(&signal));
    }

    #[test]
    fn a_caller_without_room_wakes_at_once() {
        let signal = Signal::new(1_000);
        signal.hurry();
        assert!(is_woken(&signal) && signal.is_hurried());
        signal.calm();
        assert!(!signal.is_hurried());
    }
}
