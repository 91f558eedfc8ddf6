//! The trials: each fault alone, and mixtures of them.

use std::time::Duration;

use super::{
    Fault, Promise, Scenario, Trial,
    catalogue::{self, Listed},
    scenario::Extent,
    server::Protocol,
};

/// Entries of a trial, beside the large one at its end.
pub(super) const ENTRIES: u32 = 1_000;
/// The number of entries in a quick run.
const FEW: u32 = 300;

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Returns each fault alone. A full run meets it more often and with more entries.
pub(super) fn alone(quick: bool) -> Vec<Trial> {
    catalogue::all().into_iter().map(|listed| of_one(listed, quick)).collect()
}

fn of_one(Listed { name, fault, promise, protocol }: Listed, quick: bool) -> Trial {
    let at_most = millis(if quick { 1_500 } else { 2_500 });
    let extent = match &fault {
        Fault::Refuse => Extent::time(millis(1_000)),
        // It can be met forever.
        Fault::TooLarge(..) => Extent::time(Duration::MAX),
        // The client sends split batches at a limited rate.
        _ if promise == Promise::LossesTold => Extent::met(Duration::ZERO, 24, at_most),
        _ if quick => Extent::met(millis(50), 2, at_most),
        _ => Extent::met(millis(500), 6, at_most),
    };
    // Logs everything at once if a body has to be too large.
    let is_burst = matches!(fault, Fault::TooLarge(..));
    let over = millis(if quick { 100 } else { 800 });
    let (scenario, names) = match fault {
        Fault::TooLarge(..) => {
            let outage = Scenario::first(Fault::unavailable(), millis(if quick { 100 } else { 500 }));
            (outage.then_until(fault, extent), vec![None, Some(name)])
        }
        _ => (Scenario::default().then_until(fault, extent), vec![Some(name)]),
    };
    Trial {
        name: name.to_owned(),
        scenario,
        names,
        protocol,
        promise,
        entries: if quick && !is_burst { FEW } else { ENTRIES },
        over: if is_burst { Duration::ZERO } else { over },
        in_flight: 1,
        meets_all: true,
    }
}

/// Returns some consecutive faults, chosen by the seed. Even seeds have only those that cost nothing.
pub(super) fn mixture(seed: u64) -> Trial {
    let mut random = fastrand::Rng::with_seed(seed);
    let is_mild = seed.is_multiple_of(2);
    let mut usable = catalogue::all();
    usable.retain(|listed| !is_mild || listed.promise == Promise::NothingLost);
    // Each fault in turn is the first of a mixture, so that it is met: in order, then in reverse.
    let turn = usize::try_from(seed.saturating_sub(1) / 2).unwrap_or_default() % usable.len();
    let place = if is_mild { turn } else { usable.len() - 1 - turn };
    let lead = usable[place].clone();
    let protocol = match lead.protocol {
        Protocol::Plain => {
            [Protocol::Plain, Protocol::Plain, Protocol::Tls, Protocol::Http2][random.usize(..4)]
        }
        Protocol::Tls => [Protocol::Tls, Protocol::Http2][random.usize(..2)],
        Protocol::Http2 => Protocol::Http2,
    };
    usable.retain(|listed| listed.is_possible(protocol));
    let (mut scenario, mut names) = (Scenario::default(), Vec::new());
    for number in 0..random.usize(4..=7) {
        let listed = if number == 0 { lead.clone() } else { usable[random.usize(..usable.len())].clone() };
        let at_most = millis(600);
        let extent = match listed.fault {
            Fault::Refuse => Extent::time(millis(random.u64(100..300))),
            _ if listed.promise == Promise::LossesTold => {
                Extent::met(Duration::ZERO, random.u64(1..=12), at_most)
            }
            _ => Extent::met(millis(random.u64(1..100)), random.u64(1..=4), at_most),
        };
        // Only the first fault must be met: there may be nothing left to send.
        let unmet = if number == 0 { extent.unmet } else { extent.at_most };
        scenario = scenario.then_until(listed.fault, Extent { unmet, ..extent });
        names.push(Some(listed.name));
        if random.bool() {
            scenario = scenario.then(Fault::None, millis(random.u64(1..150)));
            names.push(None);
        }
    }
    Trial {
        name: format!("mixture-{seed}"),
        scenario,
        names,
        protocol,
        promise: if is_mild { Promise::NothingLost } else { Promise::NothingSilent },
        entries: ENTRIES,
        // Logs everything at once if a body has to be too large.
        over: if matches!(lead.fault, Fault::TooLarge(..)) {
            Duration::ZERO
        } else {
            millis(random.u64(1..1_500))
        },
        in_flight: random.usize(1..=4),
        meets_all: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_is_that_of_its_seed() {
        assert_eq!(mixture(5).scenario, mixture(5).scenario);
        assert_ne!(mixture(5).scenario, mixture(7).scenario);
    }

    #[test]
    fn every_fault_leads_a_mixture_of_the_campaign() {
        let leads: std::collections::BTreeSet<&str> =
            (1..=super::super::campaign::MIXTURES).filter_map(|seed| mixture(seed).names[0]).collect();
        let missing: Vec<&str> =
            catalogue::all().iter().map(|listed| listed.name).filter(|name| !leads.contains(name)).collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}
