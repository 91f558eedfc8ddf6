//! The bounds of a spool.

use super::*;

fn outage(spool: SpoolOptions, overflow: Overflow) -> Spooled {
    let mut spooled = Spooled::with(spool, BTreeMap::new(), |options| {
        options.max_entries = 1_000;
        options.max_bytes = 100_000;
        options.overflow = overflow;
    });
    spooled.is_up = false;
    for start in 0..200 {
        spooled.push(start * 100..(start + 1) * 100);
        spooled.run(1);
    }
    spooled
}

fn bounded() -> SpoolOptions {
    SpoolOptions { max_bytes: 60_000, ..SpoolOptions::default() }
}

#[test]
fn a_full_spool_keeps_the_oldest_and_counts_the_newest() {
    let mut spooled = outage(bounded(), Overflow::Newest);
    let bytes: usize = spooled.folder.values().map(Vec::len).sum();
    assert!(bytes <= 60_000, "{bytes}");
    let dropped = spooled.counters().dropped.get(DropReason::BufferFull);
    assert!(dropped > 0);
    spooled.is_up = true;
    spooled.run(200);
    assert_eq!(spooled.counters().delivered + dropped, 20_000);
    assert_eq!(spooled.stored()[..2_000], all(0..2_000));
}

#[test]
fn a_full_spool_drops_the_oldest_files_where_that_is_asked_for() {
    let mut spooled = outage(bounded(), Overflow::Oldest);
    let bytes: usize = spooled.folder.values().map(Vec::len).sum();
    assert!(bytes <= 60_000, "{bytes}");
    let dropped = spooled.counters().dropped;
    assert!(dropped.get(DropReason::SpoolFull) > 0, "{dropped:?}");
    spooled.is_up = true;
    spooled.run(200);
    assert_eq!(spooled.counters().delivered + dropped.total(), 20_000);
    assert_eq!(spooled.stored().last(), Some(&19_999));
}

#[test]
fn the_number_of_files_is_bounded() {
    let options = SpoolOptions { max_files: 3, ..SpoolOptions::default() };
    let spooled = outage(options, Overflow::Newest);
    assert_eq!(spooled.folder.len(), 3);
    let failures =
        spooled.bench.events.iter().filter(|event| matches!(event, Event::SpoolFailed { .. })).count();
    assert_eq!(failures, 1, "told once");
}

#[test]
fn files_that_nobody_has_read_are_counted_before_they_make_way() {
    let before = outage(SpoolOptions::default(), Overflow::Newest);
    let left = before.counters().spooled();
    let mut next = Spooled::with(bounded(), before.folder, |options| options.overflow = Overflow::Oldest);
    next.is_up = false;
    next.push(50_000..51_000);
    next.run(30);
    let recovered = next.counters().recovered;
    assert!(recovered.dropped > 0, "{recovered:?}");
    next.is_up = true;
    next.run(200);
    let recovered = next.counters().recovered;
    assert_eq!((recovered.read, recovered.delivered + recovered.dropped), (left, left));
    assert_eq!(next.counters().delivered, 1_000);
}

/// The bounds hold on the disk at every moment: the oldest file is gone before another takes its place.
#[test]
fn the_oldest_file_is_removed_before_another_is_written() {
    let options = SpoolOptions { max_files: 3, ..SpoolOptions::default() };
    let mut spooled = Spooled::with(options, BTreeMap::new(), |options| {
        options.max_entries = 800;
        options.overflow = Overflow::Oldest;
    });
    spooled.is_up = false;
    for start in 0..20 {
        spooled.push(start * 100..(start + 1) * 100);
        let until = spooled.bench.after(1);
        while spooled.bench.now < until {
            while spooled.operate() {
                assert!(spooled.folder.len() <= 3, "{} files", spooled.folder.len());
            }
            spooled.settle();
            spooled.bench.now = until;
        }
    }
    assert!(spooled.counters().dropped.get(DropReason::SpoolFull) > 0);
}

/// Bad entries of files wait beside the others until they are told from them. They do not make memory grow with the backlog.
#[test]
fn entries_that_the_server_refuses_do_not_fill_memory_with_files() {
    let mut before = outage(SpoolOptions::default(), Overflow::Newest);
    before.bench.pipeline = Bench::new(|_| {}).pipeline;
    let mut next = before.restart(|options| {
        options.max_bytes = 30_000;
        options.max_entries = 1_000;
    });
    next.push(50_000..50_010);
    let refused = |_: &[u32]| crate::Outcome::Refused { detail: String::new() };
    for _ in 0..2_000 {
        while next.bench.send(refused) || next.operate() {}
        let held = next.bench.pipeline.held_bytes();
        assert!(held <= 30_000, "{held} bytes are held");
        let Some((at, _)) = next.bench.pipeline.poll_timeout() else { break };
        next.bench.now = at;
        next.bench.pipeline.handle_timeout(at);
    }
}
