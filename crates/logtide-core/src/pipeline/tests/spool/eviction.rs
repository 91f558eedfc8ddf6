//! Files that are to make room.

use super::*;

/// A spool that is full with so many files of an earlier process. The entries of the first are in memory, those of the second were let
/// go, and the others could not be read yet. Another 250 entries wait, of which the next file takes more than one of these has.
fn full(files: u32) -> Spooled {
    let mut before = Spooled::new(|options| options.max_entries = 800);
    before.is_up = false;
    for file in 0..files {
        before.push(file * 100..(file + 1) * 100);
        before.run(30);
    }
    assert_eq!(before.folder.len(), files as usize);
    let max_bytes = before.folder.values().map(|bytes| bytes.len() as u64).sum();
    let options = SpoolOptions { max_bytes, ..SpoolOptions::default() };
    let mut spooled = Spooled::with(options, before.folder, |options| {
        options.max_entries = 800;
        options.overflow = Overflow::Oldest;
    });
    (spooled.is_up, spooled.unreadable) = (false, spooled.folder.keys().nth(2).copied());
    spooled.settle();
    for entry in 1_000..1_250 {
        let _ = spooled.bench.push_text(&format!("{entry:011}"));
    }
    spooled.settle();
    assert_eq!(
        (spooled.operations.as_slice(), spooled.bench.pipeline.held_entries()),
        (&["read"; 2][..], 350)
    );
    spooled
}

/// Files of which the entries are in memory stay. Where the others make too little room, none is dropped.
#[test]
fn no_file_is_dropped_in_vain() {
    let mut spooled = full(2);
    spooled.run(2);
    assert!(spooled.bench.pipeline.is_spool_failing());
    assert_eq!((spooled.folder.len(), spooled.counters().recovered.dropped), (2, 0));
    spooled.is_up = true;
    spooled.run(60);
    assert_eq!(spooled.stored(), [all(0..200), all(1_000..1_250)].concat());
}

#[test]
fn a_close_ends_when_there_is_too_little_room() {
    let mut spooled = full(2);
    spooled.bench.pipeline.close(spooled.bench.now, spooled.bench.now);
    spooled.settle();
    assert!(spooled.bench.pipeline.is_closed());
    let counters = spooled.counters();
    assert_eq!((counters.recovered.dropped, counters.dropped.get(DropReason::Shutdown)), (0, 250));
    assert_eq!(spooled.in_files(), all(0..200));
}

#[test]
fn a_file_that_was_dropped_is_removed_while_the_next_cannot_be_read() {
    let mut spooled = full(3);
    spooled.bench.pipeline.write_all();
    assert!(spooled.operate() && spooled.bench.pipeline.is_spool_failing());
    assert_eq!((spooled.operations.last(), spooled.folder.len()), (Some(&"remove"), 2));
    assert_eq!(spooled.counters().recovered.dropped, 100);
}
