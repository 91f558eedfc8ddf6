//! The rows of the table.

use std::time::Duration;

use super::{Ending, Fault, Load, Place, Promise, Row, Scenario, WhenFull};

/// The longest time that a program waits after an outage until nothing is pending.
const SETTLES: Duration = Duration::from_secs(120);

/// How long a server is down while a program with a spool runs and ends.
const AWAY: Duration = Duration::from_secs(10);

/// When the next program starts, with the server certainly up.
const BACK: Duration = Duration::from_secs(12);

/// Returns all rows. A quick run has outages a tenth as long. There is a mixture of faults for each seed.
pub(super) fn all(quick: bool, seeds: &[u64]) -> Vec<Row> {
    let second = if quick { Duration::from_millis(100) } else { Duration::from_secs(1) };
    let mut rows = outages(second);
    rows.extend(starts());
    rows.extend(bursts());
    rows.extend(endings());
    rows.extend(seeds.iter().map(|seed| mixture(*seed)));
    rows
}

/// Outages that the buffer can hold, and a program that continues after them.
fn outages(second: Duration) -> Vec<Row> {
    let row = |name, fault, lasts: u32, seconds: u32, rate: u32| {
        let over = second * seconds;
        let entries = u32::try_from(u128::from(rate) * over.as_millis() / 1_000).unwrap_or(u32::MAX);
        Row::new(name, Scenario::first(fault, second * lasts), Load::new(entries, over).settling(SETTLES))
    };
    vec![
        row("outage-refused", Fault::Refuse, 20, 20, 100),
        row("outage-refused-long", Fault::Refuse, 60, 60, 100),
        row("outage-rate-limited", Fault::rate_limited(10), 120, 120, 40),
        row("outage-not-found", Fault::not_found(), 20, 25, 100),
        row("outage-sign-in-page", Fault::sign_in_page(), 20, 25, 100),
    ]
}

/// Servers that fail for the first 3 s of a program of 5 s, which then closes its client.
fn starts() -> Vec<Row> {
    let row = |name, fault| {
        let scenario = Scenario::first(fault, Duration::from_secs(3));
        Row::new(name, scenario, Load::new(5_000, Duration::from_secs(5)))
    };
    vec![
        row("start-healthy", Fault::None),
        row("start-503", Fault::unavailable()),
        row("start-429", Fault::rate_limited(1)),
        row("start-refused", Fault::Refuse),
        row("start-reset", Fault::Reset(Place::AfterRequest)),
        row("start-hang", Fault::Hang(Place::AfterRequest, Duration::from_secs(3))),
    ]
}

/// As many entries as the program can log: three times the capacity of the buffer.
fn bursts() -> Vec<Row> {
    let scenario = Scenario::always(Fault::Slow(Duration::from_millis(20)));
    let load = Load::new(30_000, Duration::ZERO);
    vec![
        Row::new("burst", scenario.clone(), load.clone()).promising(Promise::LossesTold),
        Row::new("burst-waiting", scenario.clone(), load.clone().when_full(WhenFull::Waits)),
        Row::new("burst-spooled", scenario, load).spooled(Duration::ZERO),
    ]
}

/// Short programs, and the ways in which they end.
fn endings() -> Vec<Row> {
    let load = Load::new(200, Duration::ZERO);
    // Less than a batch, so that nothing is sent before the program ends.
    let few = Load::new(50, Duration::ZERO);
    // Down while the program runs, and up when the next one starts.
    let away = Scenario::first(Fault::Refuse, AWAY);
    let (healthy, down) = (Scenario::healthy(), Scenario::always(Fault::Refuse));
    vec![
        Row::new("end-drop", healthy.clone(), few.clone().ending(Ending::Drop)),
        Row::new("end-return", healthy.clone(), few.clone().ending(Ending::Return)),
        Row::new("end-return-200", healthy.clone(), load.clone().ending(Ending::Return)),
        Row::new("end-exit", healthy, few.clone().ending(Ending::Exit)),
        Row::new("down", down.clone(), load.clone()).promising(Promise::LossesTold),
        Row::new("down-drop", down.clone(), load.clone().ending(Ending::Drop)).promising(Promise::LossesTold),
        Row::new("down-spooled", away.clone(), load.clone()).spooled(BACK),
        Row::new("down-drop-spooled", away.clone(), load.clone().ending(Ending::Drop)).spooled(BACK),
        Row::new("down-return-spooled", away.clone(), load.clone().ending(Ending::Return)).spooled(BACK),
        Row::new("down-exit-spooled", away, load.clone().ending(Ending::Exit)).spooled(BACK),
        Row::new("down-return", down, load.clone().ending(Ending::Return)).promising(Promise::EndsInTime),
    ]
}

/// A server that fails in changing ways for ten seconds.
fn mixture(seed: u64) -> Row {
    let lasts = Duration::from_secs(10);
    Row::new(format!("mixed-{seed}"), Scenario::mixed(seed, lasts), Load::new(1_000, lasts).settling(SETTLES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own() {
        let mut names: Vec<String> = all(false, &[1, 2]).into_iter().map(|row| row.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn the_buffer_holds_every_outage() {
        for row in outages(Duration::from_secs(1)) {
            assert!(row.load.entries <= 6_000, "{} logs {}", row.name, row.load.entries);
        }
    }
}
