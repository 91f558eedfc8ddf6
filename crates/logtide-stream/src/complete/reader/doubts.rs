//! Whether the server's clock is what it was.

use std::ops::RangeInclusive;

use super::MARGIN;
use crate::{
    clock::ServerClock,
    complete::bell::{Doubt, Rung},
};

/// Has the server's clock told anew where the dates of answers move against what its greeting told: it was set, or runs at another pace.
#[derive(Debug)]
pub(super) struct Doubts {
    doubt: Doubt,
    /// By how much the dates are ahead, in milliseconds, and of the clock of which connection.
    dates_ahead: Option<(u64, RangeInclusive<i64>)>,
}

impl Doubts {
    pub(super) const fn new(doubt: Doubt) -> Self {
        Self { doubt, dates_ahead: None }
    }

    /// Looks at what both tell now.
    pub(super) fn look(&mut self, rung: Rung, dated: Option<ServerClock>) {
        let (Some(greeted), Some(dated)) = (rung.clock, dated) else { return };
        let ahead = dated.now() - greeted.now()..=dated.now_at_most() - greeted.now();
        match &self.dates_ahead {
            // A proxy may write dates of its own, which are ahead or behind all the time.
            Some((of, before)) if *of == rung.connections => {
                if *ahead.start() > before.end() + MARGIN || *ahead.end() < before.start() - MARGIN {
                    self.dates_ahead = Some((rung.connections, ahead));
                    self.doubt.notify_one();
                }
            }
            _ => self.dates_ahead = Some((rung.connections, ahead)),
        }
    }
}
