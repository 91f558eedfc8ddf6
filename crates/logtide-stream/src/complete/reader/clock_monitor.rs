//! Detects that the server's clock was set.

use std::ops::RangeInclusive;

use super::INDEXING_MARGIN;
use crate::{
    clock::ServerClock,
    complete::notifier::{ClockSuspicion, StreamStatus},
};

/// Compares the dates of answers with the time of the last `connected` event. When their difference changes, the server's clock was set or
/// runs at another speed, and a new connection is requested to learn its time.
#[derive(Debug)]
pub(super) struct ClockMonitor {
    suspicion: ClockSuspicion,
    /// The connection that gave the clock, and how far the dates are ahead of that clock, in milliseconds.
    dates_ahead: Option<(u64, RangeInclusive<i64>)>,
}

impl ClockMonitor {
    pub(super) const fn new(suspicion: ClockSuspicion) -> Self {
        Self { suspicion, dates_ahead: None }
    }

    /// Compares both clocks.
    pub(super) fn check(&mut self, status: StreamStatus, dated: Option<ServerClock>) {
        let (Some(connected), Some(dated)) = (status.clock, dated) else { return };
        let ahead = dated.now() - connected.now()..=dated.now_at_most() - connected.now();
        match &self.dates_ahead {
            // A proxy may write its own dates, whose difference is constant.
            Some((connection, before)) if *connection == status.connections => {
                if *ahead.start() > before.end() + INDEXING_MARGIN
                    || *ahead.end() < before.start() - INDEXING_MARGIN
                {
                    self.dates_ahead = Some((status.connections, ahead));
                    self.suspicion.notify_one();
                }
            }
            _ => self.dates_ahead = Some((status.connections, ahead)),
        }
    }
}
