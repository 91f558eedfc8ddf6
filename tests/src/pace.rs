//! A steady rate in real time.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Repeats an action evenly over some time, and catches up after a delay of the machine.
pub fn steadily(times: u32, over: Duration, mut each: impl FnMut(u32)) {
    let start = Instant::now();
    for number in 0..times {
        each(number);
        let next = start + over * (number + 1) / times;
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

/// The longest delay to catch up with. Catching up with a longer one would be a burst.
const CATCH_UP: Duration = Duration::from_secs(1);

/// Repeats an action while it returns true, once per interval on average, and catches up after a short delay.
pub(crate) fn steadily_while(interval: Duration, mut each: impl FnMut() -> bool) {
    let mut next = Instant::now();
    while each() {
        let now = Instant::now();
        next = (next + interval).max(now.checked_sub(CATCH_UP).unwrap_or(now));
        thread::sleep(next.saturating_duration_since(now));
    }
}
