//! The capacity of the buffer.

use std::{sync::PoisonError, time::Instant};

use crate::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
};

/// Capacity for entries and bytes that are not yet delivered, wherever they are.
///
/// Shards reserve capacity in small lots, so that most entries touch no shared counter. The unused reservation of a
/// shard is at most a thousandth of the total, and zero for buffers below 2,048 entries.
#[derive(Debug)]
pub(super) struct Capacity {
    entries: Lot,
    bytes: Lot,
    waiters: AtomicUsize,
    /// How often capacity was released.
    release_count: AtomicU64,
    releases: Mutex<u64>,
    released: Condvar,
}

/// Capacity that a shard has reserved and not used.
#[derive(Debug, Default)]
pub(super) struct Credit {
    entries: i64,
    bytes: i64,
}

/// A caller that waits for capacity.
#[derive(Debug)]
pub(super) struct Waiter<'a> {
    capacity: &'a Capacity,
    /// How often capacity had been released at the last check.
    seen: u64,
}

#[derive(Debug)]
struct Lot {
    free: AtomicI64,
    total: i64,
    /// The size of a lot.
    size: i64,
}

impl Capacity {
    pub(super) fn new(entries: usize, bytes: usize) -> Self {
        Self {
            entries: Lot::new(entries, 64),
            bytes: Lot::new(bytes, 64 * 1024),
            waiters: AtomicUsize::new(0),
            release_count: AtomicU64::new(0),
            releases: Mutex::new(0),
            released: Condvar::new(),
        }
    }

    /// Whether an entry of this size fits into an empty buffer.
    pub(super) const fn can_hold(&self, bytes: usize) -> bool {
        bytes as i64 <= self.bytes.total
    }

    /// Reserves capacity for one entry of this size. Returns whether there was enough.
    #[inline]
    pub(super) fn reserve(&self, credit: &mut Credit, bytes: usize) -> bool {
        if credit.entries >= 1 && credit.bytes >= bytes as i64 {
            credit.entries -= 1;
            credit.bytes -= bytes as i64;
            return true;
        }
        self.reserve_lots(credit, bytes as i64)
    }

    #[cold]
    fn reserve_lots(&self, credit: &mut Credit, bytes: i64) -> bool {
        if credit.entries < 1 {
            credit.entries += self.entries.reserve(1 - credit.entries);
        }
        if credit.bytes < bytes {
            credit.bytes += self.bytes.reserve(bytes - credit.bytes);
        }
        let fits = credit.entries >= 1 && credit.bytes >= bytes;
        if fits {
            credit.entries -= 1;
            credit.bytes -= bytes;
        }
        fits
    }

    pub(super) fn release(&self, entries: usize, bytes: usize) {
        self.entries.free.fetch_add(entries as i64, Ordering::SeqCst);
        self.bytes.free.fetch_add(bytes as i64, Ordering::SeqCst);
        self.release_count.fetch_add(1, Ordering::SeqCst);
        if self.waiters.load(Ordering::SeqCst) > 0 {
            self.wake_all();
        }
    }

    /// How often capacity was released.
    pub(super) fn releases(&self) -> u64 {
        self.release_count.load(Ordering::SeqCst)
    }

    /// The entries and bytes until less than a quarter is free. `None` if it is.
    pub(super) fn until_scarce(&self) -> Option<(usize, usize)> {
        Some((self.entries.until_scarce()?, self.bytes.until_scarce()?))
    }

    pub(super) fn wake_all(&self) {
        *self.lock() += 1;
        self.released.notify_all();
    }

    /// Registers a caller that waits for capacity.
    pub(super) fn waiter(&self) -> Waiter<'_> {
        self.waiters.fetch_add(1, Ordering::SeqCst);
        Waiter { capacity: self, seen: *self.lock() }
    }

    /// Reserves capacity for what is buffered already, even if it does not fit.
    pub(super) fn reserve_held(&self, entries: usize, bytes: usize) {
        self.entries.free.fetch_sub(entries as i64, Ordering::SeqCst);
        self.bytes.free.fetch_sub(bytes as i64, Ordering::SeqCst);
    }

    /// The free entries and bytes, and the total.
    #[cfg(shuttle)]
    pub(super) fn free(&self) -> ((i64, i64), (i64, i64)) {
        let free = |lot: &Lot| lot.free.load(Ordering::SeqCst);
        ((free(&self.entries), free(&self.bytes)), (self.entries.total, self.bytes.total))
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.releases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Credit {
    /// Returns the unused capacity of one entry of this size.
    pub(super) fn refund(&mut self, bytes: usize) {
        self.entries += 1;
        self.bytes += bytes as i64;
    }

    #[cfg(shuttle)]
    pub(super) const fn free(&self) -> (i64, i64) {
        (self.entries, self.bytes)
    }
}

impl Waiter<'_> {
    /// Waits until capacity was released since the registration or the last wait. Returns false if the deadline came
    /// first.
    pub(super) fn wait(&mut self, deadline: Instant) -> bool {
        let timeout = deadline.saturating_duration_since(Instant::now());
        let (releases, _) = self
            .capacity
            .released
            .wait_timeout_while(self.capacity.lock(), timeout, |releases| *releases == self.seen)
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut self.seen, *releases) != *releases
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.capacity.waiters.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Lot {
    fn new(total: usize, largest: i64) -> Self {
        let total = i64::try_from(total).unwrap_or(i64::MAX / 2);
        Self { free: AtomicI64::new(total), total, size: (total / 1_024).clamp(1, largest) }
    }

    fn until_scarce(&self) -> Option<usize> {
        usize::try_from(self.free.load(Ordering::SeqCst) - self.total / 4).ok()
    }

    /// Reserves a lot, or exactly what is needed if a lot is smaller or not available. Returns 0 if not even that is
    /// available.
    fn reserve(&self, needed: i64) -> i64 {
        let wanted = needed.max(self.size);
        let taken = |free: i64| if free >= wanted { wanted } else { needed };
        self.free
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |free| {
                (free >= needed).then(|| free - taken(free))
            })
            .map_or(0, taken)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn taken(capacity: &Capacity, bytes: usize, tries: usize) -> usize {
        let mut credit = Credit::default();
        (0..tries).filter(|_| capacity.reserve(&mut credit, bytes)).count()
    }

    #[test]
    fn small_buffers_are_exact() {
        let capacity = Capacity::new(3, 1_000);
        assert_eq!(taken(&capacity, 1, 2) + taken(&capacity, 1, 2), 3);
        capacity.release(1, 1);
        assert_eq!(taken(&capacity, 1, 2), 1);
    }

    #[test]
    fn bytes_are_limited_like_entries() {
        let capacity = Capacity::new(100, 1_000);
        assert_eq!(taken(&capacity, 300, 9), 3);
        capacity.release(3, 900);
        assert_eq!(taken(&capacity, 1_001, 1), 0);
        assert_eq!(taken(&capacity, 1_000, 2), 1);
    }

    #[test]
    fn large_buffers_lose_at_most_a_thousandth_to_each_that_reserves() {
        let capacity = Capacity::new(100_000, usize::MAX / 4);
        for _ in 0..8 {
            assert_eq!(taken(&capacity, 1, 1), 1);
        }
        let rest = taken(&capacity, 1, 200_000);
        assert!((99_400..=99_992).contains(&rest), "{rest}");
    }

    #[test]
    fn a_waiter_is_woken_by_released_capacity_and_gives_up_at_its_deadline() {
        let capacity = Capacity::new(1, 10);
        let mut waiter = capacity.waiter();
        capacity.release(1, 1);
        assert!(waiter.wait(Instant::now() + Duration::from_secs(60)));
        assert!(!waiter.wait(Instant::now()));
        drop(waiter);
        assert_eq!(capacity.waiters.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn the_last_quarter_is_scarce_of_entries_and_of_bytes() {
        let capacity = Capacity::new(100, 1_000);
        capacity.reserve_held(75, 750);
        assert!(capacity.until_scarce().is_some());
        capacity.reserve_held(1, 0);
        assert!(capacity.until_scarce().is_none());
        capacity.release(1, 0);
        capacity.reserve_held(0, 1);
        assert!(capacity.until_scarce().is_none());
    }
}
