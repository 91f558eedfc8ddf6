//! The time of a log call.

use std::time::SystemTime;

use logtide_core::Timestamp;

/// When a call was made, in the forms that its entry needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// As the entry tells it.
    pub(super) time: Timestamp,
    /// By which entries of several threads are put in order: nanoseconds since 1970.
    pub(crate) nanos: u64,
}

impl Now {
    pub(crate) fn read() -> Self {
        Self::from(SystemTime::now())
    }
}

impl From<SystemTime> for Now {
    fn from(now: SystemTime) -> Self {
        match now.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => {
                let nanos = since.as_nanos() as u64;
                Self { time: Timestamp::from_micros((nanos / 1_000) as i64), nanos }
            }
            // A clock that was never set.
            Err(_) => Self { time: now.into(), nanos: 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn both_forms_are_of_one_moment() {
        for nanos in [0, 999, 1_000, 1_795_340_191_342_123_456] {
            let time = SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos);
            let now = Now::from(time);
            assert_eq!((now.time, now.nanos), (Timestamp::from(time), nanos));
        }
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!((Now::from(before).time, Now::from(before).nanos), (Timestamp::from(before), 0));
    }
}
