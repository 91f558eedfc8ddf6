//! A steady rate in real time.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Does something so many times, evenly over some time, and catches up after a delay of the machine.
pub fn steadily(times: u32, over: Duration, mut each: impl FnMut(u32)) {
    let start = Instant::now();
    for number in 0..times {
        each(number);
        let next = start + over * (number + 1) / times;
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}
