//! The command that `heartbeat` runs, and when it sends a heartbeat.

use nix::sys::signal::Signal::{SIGTERM, SIGUSR1};
use serde_json::{Value, json};

use crate::{canned::Canned, setup::Logtide};

const PATH: &str = "/api/v1/monitors/m1/heartbeat";

fn server() -> Canned {
    Canned::start(vec![(PATH, 204, Value::Null)])
}

fn heartbeat(server: &Canned, script: &str) -> Logtide {
    Logtide::at(&server.url, "lp_write", "heartbeat m1 -- sh -c").arg(script)
}

#[test]
fn it_beats_when_the_command_succeeded() {
    let server = server();
    let output = heartbeat(&server, "echo out").output();
    assert_eq!((&*output, server.requests()), ("out\n", vec![format!("POST {PATH}")]));
    assert_eq!(Logtide::at(&server.url, "lp_write", "heartbeat m1").output(), "");
    assert_eq!(server.requests().len(), 2, "without a command it beats at once");
}

#[test]
fn a_command_that_fails_has_its_code_and_no_heartbeat() {
    let server = server();
    for (script, code) in [("exit 7", 7), ("kill -9 $$", 137)] {
        let done = heartbeat(&server, script).run();
        assert_eq!(done.code, code);
        assert!(done.stderr.contains("no heartbeat is sent"), "{}", done.stderr);
    }
    let done = Logtide::at(&server.url, "lp_write", "heartbeat m1 -- /nowhere/at-all").run();
    assert_eq!(done.code, 127);
    assert!(done.stderr.contains("cannot run `/nowhere/at-all`"), "{}", done.stderr);
    assert!(server.requests().is_empty());
}

#[test]
fn a_heartbeat_that_fails_is_told_and_changes_no_code() {
    let server = Canned::start(vec![(PATH, 401, json!({"error": "Unauthorized"}))]);
    let done = heartbeat(&server, "true").run();
    assert_eq!(done.code, 0);
    assert!(
        done.stderr.contains("the heartbeat was not sent: the server does not accept the API key"),
        "{}",
        done.stderr
    );
}

#[test]
fn signals_are_passed_on() {
    let server = server();
    let script = "trap 'echo usr1' USR1; trap 'echo term; exit 3' TERM; echo ready; while :; do read line < /dev/null; done";
    let mut running = heartbeat(&server, script).start();
    running.wait_for("ready");
    running.signal(SIGUSR1);
    running.wait_for("usr1");
    running.signal(SIGTERM);
    running.wait_for("term");
    assert_eq!(running.end().code, 3);
    assert!(server.requests().is_empty());
}

#[test]
fn without_a_server_the_command_is_not_run() {
    let done = Logtide::new("heartbeat m1 -- echo ran").run();
    assert_eq!((done.code, &*done.stdout), (3, ""));
}
