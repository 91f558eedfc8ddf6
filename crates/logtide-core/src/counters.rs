//! Counts of what happened to every entry.

use std::{fmt, time::Duration};

/// Why an entry was not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// The buffer was full.
    BufferFull,
    /// It is larger than the server accepts, or than the whole buffer.
    TooLarge,
    /// The server rejected it, or stored nothing of its batch.
    Rejected,
    /// The server rejected the request because of the key or the address, and
    /// [`GiveUp::AfterRetries`](crate::GiveUp::AfterRetries) is set.
    Denied,
    /// All attempts of its batch failed, and [`GiveUp::AfterRetries`](crate::GiveUp::AfterRetries) is set.
    RetriesExhausted,
    /// The server received fewer entries than were sent, and did not say which.
    Unconfirmed,
    /// It was logged after the client was closed.
    Closed,
    /// It was still buffered when the client was closed.
    Shutdown,
    /// The sample rate excluded it.
    Sampled,
    /// The application's `before_send` dropped it.
    Filtered,
    /// It was logged inside too many nested log calls of its thread, by an allocator or a value that logs.
    Nested,
    /// It was in the oldest file of the spool, which was removed for newer ones.
    SpoolFull,
    /// It was in the spool for too long.
    Expired,
    /// Its part of a spool file was damaged.
    Damaged,
}

impl DropReason {
    /// All reasons.
    pub const ALL: [Self; 14] = [
        Self::BufferFull,
        Self::TooLarge,
        Self::Rejected,
        Self::Denied,
        Self::RetriesExhausted,
        Self::Unconfirmed,
        Self::Closed,
        Self::Shutdown,
        Self::Sampled,
        Self::Filtered,
        Self::Nested,
        Self::SpoolFull,
        Self::Expired,
        Self::Damaged,
    ];

    /// The reason in snake case, for example for metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BufferFull => "buffer_full",
            Self::TooLarge => "too_large",
            Self::Rejected => "rejected",
            Self::Denied => "denied",
            Self::RetriesExhausted => "retries_exhausted",
            Self::Unconfirmed => "unconfirmed",
            Self::Closed => "closed",
            Self::Shutdown => "shutdown",
            Self::Sampled => "sampled",
            Self::Filtered => "filtered",
            Self::Nested => "nested",
            Self::SpoolFull => "spool_full",
            Self::Expired => "expired",
            Self::Damaged => "damaged",
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// Dropped entries by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops([u64; DropReason::ALL.len()]);

impl Drops {
    /// How many entries were dropped for that reason.
    #[must_use]
    pub const fn get(&self, reason: DropReason) -> u64 {
        self.0[reason as usize]
    }

    /// How many entries were dropped in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// How many entries were lost: dropped for any reason except [`DropReason::Sampled`] and
    /// [`DropReason::Filtered`], which the application asked for.
    #[must_use]
    pub fn lost(&self) -> u64 {
        let wanted = self.get(DropReason::Sampled) + self.get(DropReason::Filtered);
        self.total() - wanted
    }

    /// The reasons for which entries were dropped, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (DropReason, u64)> {
        DropReason::ALL
            .into_iter()
            .map(|reason| (reason, self.get(reason)))
            .filter(|(_, entries)| *entries > 0)
    }

    /// Counts entries dropped for a reason.
    pub fn add(&mut self, reason: DropReason, entries: u64) {
        self.0[reason as usize] += entries;
    }

    /// Adds other counts to these.
    pub fn add_all(&mut self, other: &Self) {
        for (sum, entries) in self.0.iter_mut().zip(other.0) {
            *sum += entries;
        }
    }

    /// What was dropped since an earlier count.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut difference = *self;
        for (now, before) in difference.0.iter_mut().zip(earlier.0) {
            *now = now.saturating_sub(before);
        }
        difference
    }
}

/// The counts of a pipeline. `logged = delivered + dropped + pending + spooled` always holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Entries that were pushed, including those dropped at once.
    pub logged: u64,
    /// Entries that the server confirmed.
    pub delivered: u64,
    /// Entries that were lost, by reason.
    pub dropped: Drops,
    /// Requests that were sent.
    pub requests: u64,
    /// Requests that failed or were answered with an error.
    pub errors: u64,
    /// Scheduled retries.
    pub retries: u64,
    /// How often the circuit breaker opened.
    pub circuit_breaker_trips: u64,
    /// Entries that an earlier process left in files.
    pub recovered: Recovered,
    /// Entries that were written to files, and how many of these have been delivered or dropped.
    pub(crate) written: (u64, u64),
    /// The total time of requests that stored something, and their number.
    pub(crate) latency: (Duration, u64),
}

impl Counters {
    /// Entries that are neither delivered nor dropped, and only in memory.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.logged.saturating_sub(self.settled()).saturating_sub(self.spooled())
    }

    /// Entries that are neither delivered nor dropped, and in a file, even if they are in memory too.
    #[must_use]
    pub const fn spooled(&self) -> u64 {
        let (written, settled) = self.written;
        written.saturating_sub(settled)
    }

    /// Entries that are delivered or dropped.
    pub fn settled(&self) -> u64 {
        self.delivered + self.dropped.total()
    }

    /// Adds the counts of another pipeline.
    pub fn add_all(&mut self, other: &Self) {
        self.logged += other.logged;
        self.delivered += other.delivered;
        self.dropped.add_all(&other.dropped);
        self.requests += other.requests;
        self.errors += other.errors;
        self.retries += other.retries;
        self.circuit_breaker_trips += other.circuit_breaker_trips;
        self.recovered.add_all(&other.recovered);
        self.written.0 += other.written.0;
        self.written.1 += other.written.1;
        self.latency.0 += other.latency.0;
        self.latency.1 += other.latency.1;
    }

    /// The counts since an earlier time. What was pending or spooled at that time counts as logged since.
    ///
    /// No count is below zero, even if the other counts are later ones.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            logged: self.logged.saturating_sub(earlier.settled()),
            delivered: self.delivered.saturating_sub(earlier.delivered),
            dropped: self.dropped.since(&earlier.dropped),
            requests: self.requests.saturating_sub(earlier.requests),
            errors: self.errors.saturating_sub(earlier.errors),
            retries: self.retries.saturating_sub(earlier.retries),
            circuit_breaker_trips: self.circuit_breaker_trips.saturating_sub(earlier.circuit_breaker_trips),
            recovered: self.recovered.since(&earlier.recovered),
            // What was in files at that time is still there, or has been settled since.
            written: (
                self.written.0.saturating_sub(earlier.written.1),
                self.written.1.saturating_sub(earlier.written.1),
            ),
            latency: (
                self.latency.0.saturating_sub(earlier.latency.0),
                self.latency.1.saturating_sub(earlier.latency.1),
            ),
        }
    }

    /// The increase of each count since an earlier time, which [`add_all`](Self::add_all) adds to other counts.
    #[must_use]
    pub fn added_since(&self, earlier: &Self) -> Self {
        let (recovered, before) = (&self.recovered, &earlier.recovered);
        Self {
            logged: self.logged.saturating_sub(earlier.logged),
            recovered: Recovered {
                read: recovered.read.saturating_sub(before.read),
                ..recovered.since(before)
            },
            written: (
                self.written.0.saturating_sub(earlier.written.0),
                self.written.1.saturating_sub(earlier.written.1),
            ),
            ..self.since(earlier)
        }
    }

    /// The mean time of the requests that stored something. Zero if there were none.
    #[must_use]
    pub fn mean_latency(&self) -> Duration {
        let (total, requests) = self.latency;
        total.checked_div(u32::try_from(requests).unwrap_or(u32::MAX)).unwrap_or_default()
    }
}

/// Entries that an earlier process left in files. No other count includes them.
///
/// `read - delivered - dropped` entries are still to be delivered, in addition to those in files that were not read
/// yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// Entries in the files that were read, including damaged ones.
    pub read: u64,
    /// How many of them the server confirmed.
    pub delivered: u64,
    /// How many of them were lost.
    pub dropped: u64,
}

impl Recovered {
    fn add_all(&mut self, other: &Self) {
        self.read += other.read;
        self.delivered += other.delivered;
        self.dropped += other.dropped;
    }

    fn since(&self, earlier: &Self) -> Self {
        Self {
            read: self.read.saturating_sub(earlier.delivered + earlier.dropped),
            delivered: self.delivered.saturating_sub(earlier.delivered),
            dropped: self.dropped.saturating_sub(earlier.dropped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn books_opened_later_still_add_up() {
        let mut earlier = Counters { logged: 10, delivered: 4, written: (5, 2), ..Counters::default() };
        earlier.recovered = Recovered { read: 7, delivered: 3, dropped: 1 };
        earlier.dropped.add(DropReason::Rejected, 1);
        let mut now = Counters { logged: 30, delivered: 20, written: (9, 3), ..earlier };
        now.recovered = Recovered { read: 8, delivered: 5, dropped: 1 };
        now.dropped.add(DropReason::Closed, 2);
        let since = now.since(&earlier);
        assert_eq!(
            (since.logged, since.delivered, since.dropped.total(), since.pending()),
            (25, 16, 2, now.pending())
        );
        assert_eq!(since.dropped.iter().collect::<Vec<_>>(), [(DropReason::Closed, 2)]);
        assert_eq!(since.pending() + since.spooled(), now.pending() + now.spooled());
        earlier.add_all(&now.added_since(&earlier));
        assert_eq!(earlier, now);
    }

    #[test]
    fn books_that_are_compared_the_wrong_way_round_are_empty() {
        let mut later = Counters { logged: 9, delivered: 5, requests: 3, ..Counters::default() };
        later.dropped.add(DropReason::Closed, 4);
        later.latency = (Duration::from_secs(1), 2);
        let since = Counters::default().since(&later);
        assert_eq!((since, since.pending()), (Counters::default(), 0));
        assert_eq!(Counters { logged: 1, delivered: 2, ..Counters::default() }.pending(), 0);
    }

    #[test]
    fn the_mean_of_nothing_is_zero() {
        assert_eq!(Counters::default().mean_latency(), Duration::ZERO);
        let counters = Counters { latency: (Duration::from_millis(9), 3), ..Counters::default() };
        assert_eq!(counters.mean_latency(), Duration::from_millis(3));
    }
}
