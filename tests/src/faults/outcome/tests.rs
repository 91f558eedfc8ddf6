//! Which results a row accepts.

use super::*;
use crate::faults::{Fault, Load, Place, Promise, Scenario};

/// Returns a row of ten entries.
fn row(promise: Promise) -> Row {
    Row::new("row", Scenario::healthy(), Load::new(10, Duration::ZERO)).promising(promise)
}

/// Returns the report of a program with ten entries that closed its client.
fn told(sent: u64, dropped: u64) -> Told {
    let reasons = (dropped > 0).then(|| ("rejected".to_owned(), dropped)).into_iter().collect();
    Told { logged: 10, sent, dropped, reasons, report: Some((dropped, 0)), ..Told::default() }
}

fn failures(row: &Row, told: &Told, stored: u64) -> String {
    let record = ServerRecord::of(0..stored);
    Outcome::new(row, told, &record, Duration::ZERO, String::new()).failures.join("; ")
}

#[test]
fn what_is_whole_is_right() {
    assert_eq!(failures(&row(Promise::NothingLost), &told(10, 0), 10), "");
}

#[test]
fn a_loss_is_wrong_where_none_may_be() {
    assert_eq!(failures(&row(Promise::NothingLost), &told(7, 3), 7), "lost 3 (3 rejected)");
    assert_eq!(failures(&row(Promise::LossesTold), &told(7, 3), 7), "");
}

#[test]
fn a_loss_in_silence_is_wrong() {
    assert_eq!(failures(&row(Promise::LossesTold), &told(8, 2), 7), "1 lost in silence");
}

#[test]
fn a_stored_entry_that_is_told_as_lost_is_wrong() {
    assert_eq!(failures(&row(Promise::LossesTold), &told(6, 4), 7), "1 told as lost are stored");
}

#[test]
fn what_is_pending_at_the_end_is_told() {
    let told = Told { pending: 3, dropped: 0, report: Some((0, 3)), ..told(7, 3) };
    assert_eq!(failures(&row(Promise::LossesTold), &told, 7), "");
}

#[test]
fn what_is_pending_before_the_end_is_a_promise() {
    let mut row = row(Promise::NothingLost);
    row.load = row.load.ending(Ending::Exit);
    let told = Told { pending: 10, report: None, ..told(0, 0) };
    assert_eq!(failures(&row, &told, 10), "");
    assert_eq!(failures(&row, &told, 9), "lost 1 (no reason given); 1 lost in silence");
}

#[test]
fn a_report_that_knows_less_than_the_metrics_is_wrong() {
    let told = Told { report: Some((0, 0)), ..told(7, 3) };
    let expected = "the report of close says 0 lost and 0 pending";
    assert_eq!(failures(&row(Promise::LossesTold), &told, 7), expected);
    let told = Told { report: None, ..told };
    assert_eq!(failures(&row(Promise::LossesTold), &told, 7), "there is no report of close");
}

#[test]
fn metrics_that_do_not_add_up_are_wrong() {
    let told = Told { sent: 9, ..told(10, 0) };
    let expected = "the metrics say 10 logged, 9 sent, 0 dropped, 0 pending";
    assert_eq!(failures(&row(Promise::NothingLost), &told, 10), expected);
}

#[test]
fn a_fault_that_no_request_met_proves_nothing() {
    let mut row = row(Promise::NothingLost);
    row.scenario = Scenario::always(Fault::Reset(Place::AfterRequest));
    assert_eq!(failures(&row, &told(10, 0), 10), "no request met the fault");
    assert_eq!(failures(&row, &Told { errors: 1, ..told(10, 0) }, 10), "");
}

#[test]
fn an_end_that_takes_longer_than_its_timeout_is_wrong() {
    let late = LONGEST_END + Duration::from_millis(1);
    let outcome =
        Outcome::new(&row(Promise::EndsInTime), &told(10, 0), &ServerRecord::of(0..10), late, String::new());
    assert_eq!(outcome.failures, ["ended too late"]);
}
