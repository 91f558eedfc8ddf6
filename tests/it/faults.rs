//! Whole programs with the default options, whose server fails for a short time: rows of `cargo xtask faults`.

use std::{path::Path, time::Duration};

use logtide_tests::{
    faults::{Ending, Fault, Load, Promise, Row, Scenario},
    setup::PATIENCE,
};

/// 200 entries in two seconds, in which the server fails.
fn outage(fault: Fault) -> Row {
    let lasts = Duration::from_secs(2);
    Row::new("outage", Scenario::first(fault, lasts), Load::new(200, lasts).settling(PATIENCE))
}

/// Less than a batch, so that nothing is sent before the program ends.
fn ends(ending: Ending) -> Row {
    Row::new("end", Scenario::healthy(), Load::new(50, Duration::ZERO).ending(ending))
}

#[track_caller]
fn check(row: &Row) {
    let outcome = row.run(Path::new(env!("CARGO_BIN_EXE_faults"))).expect("the program runs");
    assert!(outcome.is_right(), "{outcome}");
}

#[test]
fn a_closed_port_loses_nothing() {
    check(&outage(Fault::Refuse));
}

#[test]
fn a_server_that_is_starting_loses_nothing() {
    check(&outage(Fault::unavailable()));
}

#[test]
fn a_sign_in_page_loses_nothing() {
    check(&outage(Fault::sign_in_page()));
}

#[test]
fn a_client_in_a_static_delivers_when_main_returns() {
    check(&ends(Ending::Return));
}

#[test]
fn a_client_in_a_static_delivers_when_the_process_exits() {
    check(&ends(Ending::Exit));
}

#[test]
fn a_program_without_a_server_is_told_of_every_loss() {
    let row = Row::new("down", Scenario::always(Fault::Refuse), Load::new(200, Duration::ZERO));
    check(&row.promising(Promise::LossesTold));
}
