//! The signal that wakes the worker.

use crate::sync::{
    Notify,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

/// Wakes the worker when the number of entries that it waits for has arrived, instead of for each entry.
///
/// A sleeping worker arms the signal with a number, and producers count it down after they have appended their entry.
/// After arming, the worker checks the buffers once more: it sees an entry that was appended before the check, and
/// one appended after it counts.
#[derive(Debug)]
pub(crate) struct Signal {
    armed: AtomicBool,
    remaining: AtomicI64,
    urgent: AtomicBool,
    notify: Notify,
    /// The bytes that count like one entry, because a batch is due by its size too.
    bytes_per_count: usize,
}

impl Signal {
    pub(super) fn new(bytes_per_count: usize) -> Self {
        Self {
            armed: AtomicBool::new(false),
            remaining: AtomicI64::new(0),
            urgent: AtomicBool::new(false),
            notify: Notify::new(),
            bytes_per_count: bytes_per_count.max(1),
        }
    }

    /// How many entries this many bytes count as.
    pub(super) const fn counts(&self, bytes: usize) -> usize {
        bytes / self.bytes_per_count
    }

    /// Counts an entry, and wakes the worker at the last one that it waits for.
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

    /// Wakes the worker to send everything until capacity is released, because a caller waits for it.
    pub(crate) fn wake_urgently(&self) {
        self.urgent.store(true, Ordering::SeqCst);
        self.notify.notify_one();
    }

    /// Whether a caller has found the buffer full since capacity was last released.
    pub(crate) fn is_urgent(&self) -> bool {
        self.urgent.load(Ordering::SeqCst)
    }

    /// Announces that capacity is about to be released. A caller that finds the buffer full after that wakes the
    /// worker again.
    pub(super) fn clear_urgent(&self) {
        self.urgent.store(false, Ordering::SeqCst);
    }

    /// Arms the signal: wakes the worker after this many more entries.
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
        assert!(!woken(), "the worker does not sleep");
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
    fn a_caller_without_capacity_wakes_at_once() {
        let signal = Signal::new(1_000);
        signal.wake_urgently();
        assert!(is_woken(&signal) && signal.is_urgent());
        signal.clear_urgent();
        assert!(!signal.is_urgent());
    }
}
