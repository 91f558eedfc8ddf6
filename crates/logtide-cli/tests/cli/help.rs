//! The output of `--help`.

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

#[test]
fn of_send() {
    assert_snapshot!(Logtide::new("send --help").output());
}

#[test]
fn of_dev() {
    assert_snapshot!(Logtide::new("dev --help").output());
}

#[test]
fn a_server_that_would_be_ignored_is_refused() {
    for command in [
        "dev --url http://localhost:1",
        "completions bash --profile other",
        "man --dsn http://lp_key@localhost:1",
    ] {
        let done = Logtide::new(command).run();
        assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{command}: {}", done.stderr);
        assert!(done.stderr.contains("talks to no server: leave out --"), "{}", done.stderr);
    }
}
