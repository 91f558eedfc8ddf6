//! Short faults, for programs with the default options and for clients in this process: rows of `cargo xtask faults`.

use std::time::Duration;

use logtide_tests::{
    faults::{Ending, Fault, Load, Promise, Row, Scenario, Trial, WhenFull, run_all},
    setup::TIMEOUT,
};

/// The program that logs.
const PROGRAM: &str = env!("CARGO_BIN_EXE_faults");

/// 200 entries in the two seconds in which the server fails.
fn outage(fault: Fault) -> Row {
    let lasts = Duration::from_secs(2);
    Row::new("outage", Scenario::first(fault, lasts), Load::new(200, lasts).settling(TIMEOUT))
}

/// Less than a batch, so that nothing is sent before the program ends.
fn ends(ending: Ending) -> Row {
    Row::new("end", Scenario::healthy(), Load::new(50, Duration::ZERO).ending(ending))
}

#[track_caller]
fn check(row: &Row) {
    let outcome = row.run(PROGRAM.as_ref()).expect("the program runs");
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

#[test]
fn a_program_that_overruns_its_time_is_ended() {
    let load = Load::new(100_000, Duration::ZERO).when_full(WhenFull::Waits);
    let row = Row::new("stuck", Scenario::always(Fault::Refuse), load).slack(Duration::from_millis(300));
    let error = row.run(PROGRAM.as_ref()).expect_err("the buffer is full for a minute");
    assert!(error.to_string().contains("was ended"), "{error}");
}

#[test]
fn a_program_that_does_not_start_or_says_nothing_fails_its_row() {
    let row = ends(Ending::Close);
    assert!(row.run("no/such/program".as_ref()).is_err());
    // The test binary takes the arguments for names of tests, and has none of these.
    let other = std::env::current_exe().expect("the test knows its program");
    assert!(row.run(&other).is_err());
}

#[track_caller]
fn check_all(trials: &[Trial]) {
    let verdicts = run_all(trials, |_, _| {});
    let failed: Vec<String> = trials
        .iter()
        .zip(verdicts)
        .filter_map(|(trial, verdict)| match verdict {
            Ok(verdict) if verdict.is_right() => None,
            Ok(verdict) => Some(format!("{}: {verdict}", trial.name())),
            Err(error) => Some(format!("{}: {error}", trial.name())),
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn each_fault_alone_keeps_its_promise() {
    check_all(&Trial::each_fault_quickly());
}

#[test]
fn mixtures_of_faults_keep_their_promises() {
    let trials: Vec<Trial> = (1..=8).map(Trial::mixture).collect();
    check_all(&trials);
}
