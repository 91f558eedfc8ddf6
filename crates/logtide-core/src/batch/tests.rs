//! Batches by hand.

use super::*;
use crate::{Head, Level, RecordWriter};

const UNLIMITED: Size = Size { entries: usize::MAX, bytes: usize::MAX };

fn with_record<T>(message: &str, take: impl FnOnce(Record<'_>) -> T) -> T {
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&Head::new(Level::Info, ""));
    fields.message(message);
    take(fields.finish())
}

fn bytes(messages: &[&str]) -> usize {
    messages.iter().map(|message| with_record(message, |record| record.len())).sum()
}

fn batch(messages: &[&str]) -> Batch {
    let mut batch = Batch::new(Row::default(), 10, Tick::ZERO);
    for message in messages {
        with_record(message, |record| batch.append(record));
    }
    batch
}

fn messages(batch: &Batch) -> Vec<&str> {
    let messages: Vec<_> = batch.records().map(|record| record.message().unwrap()).collect();
    assert_eq!(batch.size(), Size { entries: messages.len(), bytes: bytes(&messages) });
    assert_eq!((batch.len(), batch.end()), (messages.len(), batch.first + messages.len() as u64));
    messages
}

#[test]
fn records_come_out_as_they_went_in() {
    let batch = batch(&["1", "22", "333"]);
    assert_eq!(messages(&batch), ["1", "22", "333"]);
    assert_eq!(batch.first, 10);
}

#[test]
fn skipped_entries_are_not_sent() {
    let mut batch = batch(&["1", "22", "333"]);
    assert_eq!((batch.skip(), batch.skip()), (bytes(&["1"]), bytes(&["22"])));
    assert_eq!((messages(&batch), batch.first), (vec!["333"], 12));
}

#[test]
fn parts_keep_the_order_and_their_numbers() {
    let mut whole = batch(&["0", "1", "22", "333", "4"]);
    whole.skip();
    let [first, mut second] = whole.split(1);
    assert_eq!((messages(&first), first.first), (vec!["1"], 11));
    assert_eq!((messages(&second), second.first), (vec!["22", "333", "4"], 12));
    assert!(second.sealed && second.due);
    second.skip();
    let [first, second] = second.split(1);
    assert_eq!((messages(&first), first.first), (vec!["333"], 13));
    assert_eq!((messages(&second), second.first), (vec!["4"], 14));
}

#[test]
fn halves_share_their_bytes() {
    let whole = batch(&["1"; 100]);
    let before = std::ptr::from_ref(whole.records().next().unwrap().as_bytes()).cast::<u8>();
    let [first, second] = whole.split(50);
    let after = std::ptr::from_ref(first.records().next().unwrap().as_bytes()).cast::<u8>();
    assert_eq!(before, after, "the records were copied");
    assert!(std::ptr::eq(first.row(), second.row()));
    drop(first);
    assert!(second.into_row().is_some(), "the last part gives the row back");
}

#[test]
fn one_entry_that_is_left_holds_no_whole_row() {
    for bad in [0, 499, 500, 999] {
        let mut left = batch(&["1"; 1_000]);
        left.first = 0;
        while left.len() > 1 {
            let middle = left.len() / 2;
            let [first, second] = left.split(middle);
            left = if bad < second.first { first } else { second };
            let needed = left.size().bytes + 4 * left.len();
            assert!(
                left.held_bytes() <= 5 * needed,
                "{} bytes of records hold {}",
                needed,
                left.held_bytes()
            );
        }
        assert_eq!(left.first, bad);
    }
}

#[test]
fn the_middle_by_bytes_leaves_something_on_both_sides() {
    let long = "5".repeat(200);
    assert_eq!(batch(&["1", "1", "1", "1"]).middle_by_bytes(), 2);
    assert_eq!(batch(&[&long, "1"]).middle_by_bytes(), 1);
    assert_eq!(batch(&["1", "1", &long]).middle_by_bytes(), 2);
    let mut skipped = batch(&[&long, "1", "1", "1", "1"]);
    skipped.skip();
    assert_eq!(skipped.middle_by_bytes(), 2);
}

#[test]
fn limits_are_kept() {
    let fits = |batch: &Batch, limit| with_record("22", |record| batch.fits(record, limit));
    let exactly = bytes(&["1", "22"]);
    let mut small = batch(&["1"]);
    assert!(fits(&small, Size { bytes: exactly, ..UNLIMITED }));
    assert!(!fits(&small, Size { bytes: exactly - 1, ..UNLIMITED }));
    assert!(fits(&small, Size { entries: 2, ..UNLIMITED }));
    assert!(!fits(&small, Size { entries: 1, ..UNLIMITED }));
    assert!(fits(&batch(&[]), Size { entries: 1, bytes: 1 }), "one entry goes alone, whatever its size");
    small.seal();
    assert!(!fits(&small, UNLIMITED));
}

#[test]
fn a_sealed_batch_holds_little_more_than_its_records() {
    let mut batch = batch(&["1"; 777]);
    batch.seal();
    let needed = batch.size().bytes + 4 * batch.len();
    assert!(batch.held_bytes() <= needed + needed / 16);
}
