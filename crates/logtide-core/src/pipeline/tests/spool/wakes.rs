//! What is done with files without anything else happening.

use super::*;

/// An entry that is too large for any body when that is made. What is done with files because of it does not wait for anything else.
fn too_large(change: impl FnOnce(&mut PipelineOptions), folder: BTreeMap<FileId, Vec<u8>>) -> Spooled {
    let mut spooled = Spooled::with(SpoolOptions::default(), folder, |options| {
        options.max_batch_bytes = 100;
        change(options);
    });
    spooled.bench.pipeline.wire =
        Box::new(Numbers { large: Some(("7", 300)), max_body_bytes: 200, ..Numbers::default() });
    spooled.push(7..8);
    spooled
}

/// Expects that no file operation is due before a request turns out to be too large, and that one is due after it.
fn send_too_large(spooled: &mut Spooled) {
    assert!(!spooled.operate());
    assert!(!spooled.bench.send(ok));
    assert_eq!(spooled.counters().dropped.get(DropReason::TooLarge), 1);
    let next = spooled.bench.pipeline.poll_timeout();
    assert!(next.is_some_and(|(at, wake)| at <= spooled.bench.now && wake == Wake::Spool), "{next:?}");
}

#[test]
fn a_file_is_removed_at_once_when_its_entry_turns_out_to_be_too_large() {
    let mut spooled = too_large(|_| {}, BTreeMap::new());
    spooled.run(2);
    assert_eq!(spooled.folder.len(), 1);
    spooled.bench.pipeline.close(spooled.bench.after(5), spooled.bench.now);
    send_too_large(&mut spooled);
    assert!(spooled.operate());
    assert!(spooled.folder.is_empty() && spooled.bench.pipeline.is_closed());
}

#[test]
fn a_file_is_read_at_once_when_the_entry_that_takes_its_room_turns_out_to_be_too_large() {
    let mut before = Spooled::new(|_| {});
    before.is_up = false;
    before.push(0..5);
    before.run(5);
    let mut spooled = too_large(|options| options.max_bytes = record_bytes(1) + 1, before.folder);
    spooled.failure = Some("no space left");
    while spooled.operate() {}
    assert!(spooled.bench.pipeline.is_spool_failing());
    spooled.failure = None;
    spooled.bench.pipeline.make_due();
    send_too_large(&mut spooled);
    assert!(spooled.operate());
    assert_eq!(spooled.operations, ["read"]);
    spooled.run(1);
    assert_eq!(spooled.stored(), all(0..5));
}
