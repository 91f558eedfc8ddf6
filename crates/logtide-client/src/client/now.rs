//! The time of a log call.

#[cfg(not(shuttle))]
use std::time::SystemTime;

/// Returns the time of a call in nanoseconds since 1970. Entries carry it, and it orders the entries of several
/// threads.
///
/// Zero if the clock is set to a time before 1970.
#[cfg(not(shuttle))]
#[inline]
#[must_use]
pub fn now_nanos() -> u64 {
    nanos(SystemTime::now())
}

/// A simulated clock: each call returns a later time than all before it.
#[cfg(shuttle)]
pub fn now_nanos() -> u64 {
    static CALLS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

#[cfg(not(shuttle))]
#[inline]
fn nanos(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| {
        since.as_secs().wrapping_mul(1_000_000_000).wrapping_add(since.subsec_nanos().into())
    })
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn time_counts_from_1970_and_not_below() {
        for expected in [0, 999, 1_000, 1_795_340_191_342_123_456] {
            assert_eq!(nanos(SystemTime::UNIX_EPOCH + Duration::from_nanos(expected)), expected);
        }
        assert_eq!(nanos(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), 0);
    }
}
