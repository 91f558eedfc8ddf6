//! Processor time of threads.

use std::time::Duration;

use nix::{
    sys::{
        resource::{Usage, UsageWho, getrusage},
        time::TimeValLike,
    },
    time::{ClockId, clock_gettime},
};

/// User and system time of the calling thread.
#[must_use]
pub fn thread_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}

/// User and system time of all threads of the process.
#[must_use]
pub fn process_time() -> Duration {
    getrusage(UsageWho::RUSAGE_SELF).map_or(Duration::ZERO, |usage| of(&usage))
}

/// User and system time of that usage.
pub(super) fn of(usage: &Usage) -> Duration {
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(microseconds.unsigned_abs())
}
