//! What `--help` says.

use insta::assert_snapshot;

use crate::setup::Logtide;

#[test]
fn of_the_command() {
    assert_snapshot!(Logtide::new("--help").output());
}

#[test]
fn of_tail() {
    assert_snapshot!(Logtide::new("tail --help").output());
}

#[test]
fn of_query() {
    assert_snapshot!(Logtide::new("query --help").output());
}

#[test]
fn of_trace() {
    assert_snapshot!(Logtide::new("trace --help").output());
}

#[test]
fn of_stats() {
    assert_snapshot!(Logtide::new("stats --help").output());
}

#[test]
fn of_heartbeat() {
    assert_snapshot!(Logtide::new("heartbeat --help").output());
}

#[test]
fn of_login() {
    assert_snapshot!(Logtide::new("login --help").output());
}
