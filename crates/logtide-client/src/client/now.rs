//! The time of a log call.

use std::time::SystemTime;

/// Nanoseconds since 1970: when a call was made, as its entry tells it, and by which entries of several threads are put in order.
///
/// Zero with a clock that was never set.
#[inline]
pub(crate) fn now_nanos() -> u64 {
    nanos(SystemTime::now())
}

#[inline]
fn nanos(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| {
        since.as_secs().wrapping_mul(1_000_000_000).wrapping_add(since.subsec_nanos().into())
    })
}

#[cfg(test)]
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
