//! What one process leaves and the next finds.

use super::*;

/// A process that could deliver nothing of so many entries.
fn left(entries: u32) -> Spooled {
    let mut spooled = Spooled::new(|options| options.max_entries = 1_000);
    spooled.is_up = false;
    spooled.push(0..entries);
    spooled.run(10);
    assert_eq!(spooled.counters().spooled(), u64::from(entries));
    spooled
}

#[test]
fn the_next_process_delivers_first_what_was_left() {
    let mut next = left(5_000).restart(|options| options.max_entries = 1_000);
    next.settle();
    next.push(5_000..5_100);
    next.run(60);
    assert_eq!(next.bench.stored.len(), 5_100);
    assert_eq!(next.stored(), all(0..5_100));
    assert_eq!(next.bench.stored[..5_000], all(0..5_000));
    let recovered = next.counters().recovered;
    assert_eq!((recovered.read, recovered.delivered, recovered.dropped), (5_000, 5_000, 0));
    assert_eq!((next.counters().logged, next.counters().delivered), (100, 100));
    assert!(next.folder.is_empty());
}

#[test]
fn what_was_left_takes_little_memory() {
    let mut next = left(20_000).restart(|options| options.max_entries = 1_000);
    next.is_up = false;
    next.run(30);
    assert!(next.bench.pipeline.held_entries() <= 1_500, "{}", next.bench.pipeline.held_entries());
    next.is_up = true;
    let until = next.bench.after(60);
    while next.bench.now < until && next.stored().len() < 20_000 {
        next.run(1);
        assert!(next.bench.pipeline.held_entries() <= 2_000);
    }
    assert_eq!(next.bench.stored, all(0..20_000));
}

#[test]
fn folders_of_others_are_adopted_later() {
    let folder = left(100).folder;
    let mut spooled = Spooled::new(|_| {});
    spooled.run(1);
    spooled.folder = folder.into_iter().map(|(id, bytes)| (FileId { folder: 7, ..id }, bytes)).collect();
    let found: Vec<_> = spooled.found(7).collect();
    assert!(spooled.bench.pipeline.begin_search() && !spooled.bench.pipeline.begin_search());
    let now = spooled.bench.now;
    spooled.bench.pipeline.end_search(found, now);
    spooled.run(10);
    assert_eq!((spooled.stored(), spooled.folder.len()), (all(0..100), 0));
}

#[test]
fn entries_that_the_server_refuses_are_counted_apart() {
    let mut next = left(10).restart(|_| {});
    let bad = |entries: &[u32]| {
        if entries.contains(&7) { Outcome::Refused { detail: "bad".to_owned() } } else { ok(entries) }
    };
    for _ in 0..100 {
        while next.operate() {}
        while next.bench.send(bad) {}
        let Some((at, _)) = next.bench.pipeline.poll_timeout() else { break };
        next.bench.now = at;
    }
    while next.operate() {}
    assert_eq!(next.stored(), [0, 1, 2, 3, 4, 5, 6, 8, 9]);
    let recovered = next.counters().recovered;
    assert_eq!((recovered.read, recovered.delivered, recovered.dropped), (10, 9, 1));
    assert_eq!((next.counters().dropped.total(), next.folder.len()), (0, 0));
}

#[test]
fn a_damaged_file_costs_the_damaged_entries_and_is_put_aside() {
    let mut spooled = left(100);
    for bytes in spooled.folder.values_mut() {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    }
    let mut next = spooled.restart(|_| {});
    next.run(10);
    assert!(next.stored().len() >= 99);
    let recovered = next.counters().recovered;
    assert_eq!(recovered.read, 100);
    assert_eq!(recovered.delivered + recovered.dropped, 100);
    assert_eq!((next.aside.len(), next.folder.len()), (1, 0));
    assert!(next.bench.events.iter().any(|event| matches!(event, Event::Damaged { .. })));
}

#[test]
fn files_of_later_versions_and_other_wires_are_left_alone() {
    let mut spooled = left(10);
    for bytes in spooled.folder.values_mut() {
        let mut block = crate::spool::Block::default();
        block.push(b"whatever");
        *bytes = block.finish("other", Timestamp::from_micros(0));
    }
    let mut next = spooled.restart(|_| {});
    next.push(0..1);
    next.run(10);
    assert_eq!((next.stored(), next.folder.len()), (vec![0], 1));
    assert!(
        next.bench
            .events
            .iter()
            .any(|event| matches!(event, Event::Skipped { detail } if detail.contains("other")))
    );
}

#[test]
fn a_file_that_is_gone_costs_nothing_else() {
    let mut next = left(2_500).restart(|_| {});
    let first = *next.folder.keys().next().unwrap();
    next.folder.remove(&first);
    next.run(30);
    assert!(next.stored().len() >= 1_500, "{}", next.stored().len());
    assert!(next.folder.is_empty());
}

#[test]
fn what_is_too_old_is_counted_and_dropped() {
    let spooled = left(2_500);
    let options = SpoolOptions { max_age: SECOND * 3_600, ..SpoolOptions::default() };
    let mut next = Spooled::with(options, spooled.folder, |options| options.max_entries = 1_000);
    next.is_up = false;
    next.run(10);
    assert_eq!(next.counters().recovered.dropped, 0);
    next.run(7_200);
    next.is_up = true;
    next.run(100);
    let recovered = next.counters().recovered;
    assert!(recovered.dropped > 0, "{recovered:?}");
    assert_eq!((recovered.read, recovered.delivered + recovered.dropped), (2_500, 2_500));
    assert!(next.folder.is_empty());
}

#[test]
fn a_clock_that_was_set_back_costs_nothing() {
    let mut spooled = left(100);
    spooled.wall = Timestamp::from_micros(spooled.wall.as_micros() * 2);
    let mut next = spooled.restart(|_| {});
    next.wall = Timestamp::from_micros(0);
    next.run(10);
    assert_eq!(next.stored(), all(0..100));
}

#[test]
fn what_was_delivered_before_a_kill_comes_at_most_once_more() {
    let mut spooled = left(2_500);
    spooled.is_up = true;
    while spooled.bench.stored.len() < 1_500 {
        spooled.run(1);
        // Removed files come back after a power cut; after a kill only the last may.
    }
    let (delivered, folder) = (spooled.stored(), spooled.folder.clone());
    let mut next = Spooled::with(SpoolOptions::default(), folder, |_| {});
    next.run(30);
    let mut both = [delivered.clone(), next.stored()].concat();
    let twice = both.len() - 2_500;
    both.sort_unstable();
    both.dedup();
    assert_eq!(both, all(0..2_500));
    assert!(twice <= 1_000, "{twice}");
}
