//! Changing faults.

use std::time::Duration;

use crate::faults::{Fault, Place, Scenario};

/// Creates faults with healthy periods between them, chosen by the seed, for some time. Every fifteenth is an outage that exceeds
/// the program's memory.
pub(super) fn of(seed: u64, lasts: Duration) -> Scenario {
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut scenario, mut left) = (Scenario::healthy(), lasts);
    // A short time has short phases.
    let unit = (lasts / 20).min(Duration::from_secs(10));
    for number in 1.. {
        let (health, mut fault) = (unit.mul_f64(random.f64() * 1.5), unit.mul_f64(random.f64()));
        let mut kind = kind(&mut random);
        if number % 15 == 0 {
            (kind, fault) = (if number % 2 == 0 { Fault::Refuse } else { Fault::unavailable() }, unit * 4);
        }
        for (fault, phase) in [(Fault::None, health), (kind, fault)] {
            scenario = scenario.then(fault, phase.min(left));
            left = left.saturating_sub(phase);
        }
        if left.is_zero() {
            break;
        }
    }
    scenario
}

fn kind(random: &mut fastrand::Rng) -> Fault {
    match random.u8(..8) {
        0 => Fault::Slow(Duration::from_millis(random.u64(1..500))),
        1 => Fault::Refuse,
        2 => Fault::Reset(Place::AfterRequest),
        3 => Fault::Hang(Place::AfterRequest, Duration::from_millis(random.u64(1..3_000))),
        4 => Fault::unavailable(),
        5 => Fault::rate_limited(random.u32(0..4)),
        6 => Fault::not_found(),
        _ => Fault::sign_in_page(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn the_weather_is_that_of_its_seed_and_ends() {
        assert_eq!(of(1, HOUR), of(1, HOUR));
        assert_ne!(of(1, HOUR), of(2, HOUR));
        assert!(of(1, HOUR).fails_requests() && of(1, HOUR / 1_000).fails_requests());
    }
}
