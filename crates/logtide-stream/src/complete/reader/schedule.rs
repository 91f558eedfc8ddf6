//! When to read.

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use crate::complete::bell::Rung;

/// Time between the ends of sweeps: how long a late entry waits to be found.
const PERIOD: Duration = Duration::from_secs(5);

/// Queries of sweeps take at most one part in so many of the time, however much there is to read.
const REST: u32 = 4;

/// And no more rest than this: how long a late entry may wait at worst.
const MAX_REST: Duration = Duration::from_secs(30);

/// Time between glances: the server's bell rings once a second, and two requests a second are within its rate limit of
/// 1,000 a minute.
const PACE: Duration = Duration::from_millis(500);

/// Says what to read next, and when.
#[derive(Debug)]
pub(super) struct Schedule {
    sweep_at: Instant,
    glance_at: Instant,
    seen: Rung,
}

/// How to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// All that can be new.
    Sweep,
    /// The newest.
    Glance,
}

impl Schedule {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self { sweep_at: now, glance_at: now, seen: Rung::default() }
    }

    /// Begins with a sweep. The connection that stands needs no other.
    pub(super) fn begin(&mut self, rung: Rung) {
        self.seen = rung;
        self.sweep_soon();
    }

    pub(super) fn sweep_soon(&mut self) {
        self.sweep_at = Instant::now();
    }

    /// A sweep is done whose queries took so long.
    pub(super) fn swept(&mut self, busy: Duration) {
        self.sweep_at = Instant::now() + busy.saturating_mul(REST).clamp(PERIOD, MAX_REST);
    }

    /// Waits until there is something to do. A sweep sees what a glance would.
    pub(super) async fn next(&mut self, rung: &mut watch::Receiver<Rung>) -> Work {
        loop {
            let told = *rung.borrow_and_update();
            if told.connections != self.seen.connections {
                self.sweep_soon();
            }
            let now = Instant::now();
            if self.sweep_at <= now {
                self.seen = told;
                self.glance_at = now + PACE;
                return Work::Sweep;
            }
            let has_news = told.news != self.seen.news;
            if has_news && self.glance_at <= now {
                self.seen = told;
                self.glance_at = now + PACE;
                return Work::Glance;
            }
            let until = if has_news { self.sweep_at.min(self.glance_at) } else { self.sweep_at };
            // With the bell gone the whole stream is about to end, and until then time goes on.
            if let Ok(Err(_)) = timeout_at(until, rung.changed()).await {
                tokio::time::sleep_until(until).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complete::bell;

    #[tokio::test(start_paused = true)]
    async fn sweeps_come_regularly_and_glances_after_the_bell() {
        let (bell, mut rung) = bell::new();
        let mut schedule = Schedule::new();
        schedule.begin(*rung.borrow());
        let start = Instant::now();
        assert_eq!(schedule.next(&mut rung).await, Work::Sweep);
        schedule.swept(Duration::ZERO);
        bell.send_modify(|rung| rung.news += 1);
        assert_eq!(schedule.next(&mut rung).await, Work::Glance);
        assert_eq!(start.elapsed(), PACE);
        bell.send_modify(|rung| rung.news += 1);
        bell.send_modify(|rung| rung.news += 1);
        assert_eq!(schedule.next(&mut rung).await, Work::Glance);
        assert_eq!(start.elapsed(), PACE * 2);
        assert_eq!(schedule.next(&mut rung).await, Work::Sweep);
        assert_eq!(start.elapsed(), PERIOD);
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_connection_is_followed_by_a_sweep() {
        let (bell, mut rung) = bell::new();
        let mut schedule = Schedule::new();
        schedule.swept(Duration::ZERO);
        let start = Instant::now();
        bell.send_modify(|rung| rung.connections += 1);
        assert_eq!((schedule.next(&mut rung).await, start.elapsed()), (Work::Sweep, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn long_sweeps_are_rarer() {
        let (_bell, mut rung) = bell::new();
        let mut schedule = Schedule::new();
        let start = Instant::now();
        schedule.swept(Duration::from_secs(5));
        assert_eq!(schedule.next(&mut rung).await, Work::Sweep);
        assert_eq!(start.elapsed(), Duration::from_secs(20));
        schedule.swept(Duration::from_secs(600));
        assert_eq!(schedule.next(&mut rung).await, Work::Sweep);
        assert_eq!(start.elapsed(), Duration::from_secs(50));
    }
}
