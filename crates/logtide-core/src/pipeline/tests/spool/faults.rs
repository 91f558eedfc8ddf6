//! Folders that cannot be written or read.

use super::*;

#[test]
fn a_folder_that_cannot_be_written_keeps_entries_in_memory_and_is_tried_again() {
    let mut spooled = Spooled::new(|_| {});
    (spooled.is_up, spooled.failure) = (false, Some("no space left"));
    spooled.push(0..100);
    spooled.run(300);
    assert_eq!((spooled.counters().pending(), spooled.counters().spooled()), (100, 0));
    assert!(spooled.bench.pipeline.is_spool_failing());
    let told = |spooled: &Spooled, wanted: fn(&Event) -> bool| {
        spooled.bench.events.iter().filter(|event| wanted(event)).count()
    };
    assert_eq!(told(&spooled, |event| matches!(event, Event::SpoolFailed { .. })), 1);
    spooled.failure = None;
    spooled.run(61);
    assert_eq!((spooled.counters().spooled(), spooled.in_files()), (100, all(0..100)));
    assert_eq!(told(&spooled, |event| matches!(event, Event::SpoolWorks)), 1);
}

#[test]
fn a_file_that_could_not_be_appended_to_is_left_as_it_is() {
    let mut spooled = Spooled::new(|_| {});
    spooled.is_up = false;
    spooled.push(0..10);
    spooled.run(2);
    let first = spooled.in_files();
    assert_eq!(first, all(0..10));
    spooled.failure = Some("broken");
    spooled.push(10..20);
    spooled.run(2);
    spooled.failure = None;
    spooled.run(60);
    assert_eq!((spooled.folder.len(), spooled.in_files()), (2, all(0..20)));
    spooled.is_up = true;
    spooled.run(60);
    assert_eq!((spooled.bench.stored.clone(), spooled.folder.len()), (all(0..20), 0));
}

#[test]
fn entries_that_are_delivered_while_they_are_written_are_not_counted_as_spooled() {
    let mut spooled = Spooled::new(|options| options.batch_size = 5);
    spooled.push(0..5);
    let transmit = spooled.bench.pipeline.poll_transmit(spooled.bench.now).expect("a batch is due");
    let before = spooled.bench.pipeline.write_all();
    let operation = spooled.bench.pipeline.poll_operation(spooled.bench.now, spooled.wall).expect("a write");
    spooled.bench.pipeline.handle_outcome(transmit.id, ok(&[]), spooled.bench.now);
    let completion = spooled.carry_out(operation);
    spooled.bench.pipeline.handle_completion(completion, spooled.bench.now);
    assert!(spooled.bench.pipeline.is_written(before));
    assert_eq!((spooled.counters().spooled(), spooled.counters().delivered), (0, 5));
    assert!(spooled.operate());
    assert!(spooled.folder.is_empty(), "{:?}", spooled.operations);
}

#[test]
fn reading_that_fails_is_tried_again() {
    let mut spooled = Spooled::new(|options| options.max_entries = 1_000);
    spooled.is_up = false;
    spooled.push(0..5_000);
    spooled.run(10);
    spooled.failure = Some("broken");
    spooled.is_up = true;
    spooled.run(10);
    assert!(spooled.stored().len() < 5_000);
    spooled.failure = None;
    spooled.run(120);
    assert_eq!(spooled.stored(), all(0..5_000));
}

#[test]
fn a_file_that_cannot_be_read_holds_up_the_others_for_half_a_minute() {
    let mut spooled = Spooled::new(|options| options.max_entries = 1_000);
    spooled.is_up = false;
    spooled.push(0..5_000);
    spooled.run(10);
    let unreadable = *spooled.folder.keys().nth(5).unwrap();
    spooled.unreadable = Some(unreadable);
    spooled.is_up = true;
    spooled.run(120);
    let left = spooled.in_files().len();
    assert_eq!((spooled.folder.len(), spooled.stored().len()), (1, 5_000 - left));
    assert_eq!(spooled.counters().spooled(), left as u64);
    assert!(spooled.bench.events.iter().any(|event| matches!(event, Event::Skipped { .. })));
}

#[test]
fn entries_are_written_while_a_file_cannot_be_read() {
    let mut spooled = Spooled::new(|options| options.max_entries = 1_000);
    spooled.is_up = false;
    spooled.push(0..5_000);
    spooled.run(10);
    spooled.unreadable = spooled.folder.keys().nth(5).copied();
    spooled.is_up = true;
    spooled.run(3);
    spooled.push(5_000..5_001);
    let before = spooled.bench.pipeline.write_all();
    spooled.settle();
    assert!(spooled.bench.pipeline.is_written(before) && !spooled.bench.pipeline.is_spool_failing());
}
