//! When to read.

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use crate::complete::notifier::StreamStatus;

/// The pause after a full scan: how long a late entry waits to be found.
const FULL_SCAN_INTERVAL: Duration = Duration::from_secs(5);

/// The pause is at least this many times the time that the queries of the scan took, however many entries there are.
const PAUSE_FACTOR: u32 = 4;

/// The longest pause: how long a late entry waits at worst.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// The pause between quick scans. The server streams new entries once a second, and its rate limit of 1,000 requests a
/// minute allows two a second.
const QUICK_SCAN_INTERVAL: Duration = Duration::from_millis(500);

/// Decides what to read next, and when.
#[derive(Debug)]
pub(super) struct Schedule {
    full_scan_at: Instant,
    quick_scan_at: Instant,
    handled: StreamStatus,
}

/// How to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// Everything that can be new.
    Full,
    /// The newest entries.
    Quick,
}

impl Schedule {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self { full_scan_at: now, quick_scan_at: now, handled: StreamStatus::default() }
    }

    /// Starts with a full scan, which covers the connection that exists already.
    pub(super) fn begin(&mut self, status: StreamStatus) {
        self.handled = status;
        self.full_scan_soon();
    }

    /// Makes a full scan the next thing to do.
    pub(super) fn full_scan_soon(&mut self) {
        self.full_scan_at = Instant::now();
    }

    /// Records that a full scan has ended, whose queries took this long.
    pub(super) fn full_scan_done(&mut self, query_time: Duration) {
        let pause = query_time.saturating_mul(PAUSE_FACTOR).clamp(FULL_SCAN_INTERVAL, MAX_PAUSE);
        self.full_scan_at = Instant::now() + pause;
    }

    /// Waits until a scan is due. A full scan finds everything that a quick scan would.
    pub(super) async fn next(&mut self, status: &mut watch::Receiver<StreamStatus>) -> Scan {
        loop {
            let current = *status.borrow_and_update();
            if current.connections != self.handled.connections {
                self.full_scan_soon();
            }
            let now = Instant::now();
            let has_updates = current.updates != self.handled.updates;
            let due = if self.full_scan_at <= now {
                Some(Scan::Full)
            } else if has_updates && self.quick_scan_at <= now {
                Some(Scan::Quick)
            } else {
                None
            };
            if let Some(scan) = due {
                self.handled = current;
                self.quick_scan_at = now + QUICK_SCAN_INTERVAL;
                return scan;
            }
            let until =
                if has_updates { self.full_scan_at.min(self.quick_scan_at) } else { self.full_scan_at };
            // Without a notifier the whole stream is about to end. Waiting avoids a busy loop until then.
            if let Ok(Err(_)) = timeout_at(until, status.changed()).await {
                tokio::time::sleep_until(until).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complete::notifier;

    #[tokio::test(start_paused = true)]
    async fn full_scans_come_regularly_and_quick_scans_after_updates() {
        let (publisher, mut status) = notifier::channel();
        let mut schedule = Schedule::new();
        schedule.begin(*status.borrow());
        let start = Instant::now();
        assert_eq!(schedule.next(&mut status).await, Scan::Full);
        schedule.full_scan_done(Duration::ZERO);
        publisher.send_modify(|status| status.updates += 1);
        assert_eq!(schedule.next(&mut status).await, Scan::Quick);
        assert_eq!(start.elapsed(), QUICK_SCAN_INTERVAL);
        publisher.send_modify(|status| status.updates += 1);
        publisher.send_modify(|status| status.updates += 1);
        assert_eq!(schedule.next(&mut status).await, Scan::Quick);
        assert_eq!(start.elapsed(), QUICK_SCAN_INTERVAL * 2);
        assert_eq!(schedule.next(&mut status).await, Scan::Full);
        assert_eq!(start.elapsed(), FULL_SCAN_INTERVAL);
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_connection_is_followed_by_a_full_scan() {
        let (publisher, mut status) = notifier::channel();
        let mut schedule = Schedule::new();
        schedule.full_scan_done(Duration::ZERO);
        let start = Instant::now();
        publisher.send_modify(|status| status.connections += 1);
        assert_eq!((schedule.next(&mut status).await, start.elapsed()), (Scan::Full, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn full_scans_that_take_long_are_less_frequent() {
        let (_publisher, mut status) = notifier::channel();
        let mut schedule = Schedule::new();
        let start = Instant::now();
        schedule.full_scan_done(Duration::from_secs(5));
        assert_eq!(schedule.next(&mut status).await, Scan::Full);
        assert_eq!(start.elapsed(), Duration::from_secs(20));
        schedule.full_scan_done(Duration::from_secs(600));
        assert_eq!(schedule.next(&mut status).await, Scan::Full);
        assert_eq!(start.elapsed(), Duration::from_secs(50));
    }
}
