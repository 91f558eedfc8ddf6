//! A forked child delivers its own entries.

use std::{env, process::Command};

use logtide_client::Client;
use logtide_devserver::DevServer;
use logtide_tests::{
    entries::assert_stored_once,
    setup::{PATIENCE, client},
};

/// Set in the program that forks: a process of its own, so that the fork copies no other test.
const PROGRAM: &str = "LOGTIDE_TESTS_FORK_SERVER";
const KEY: &str = "LOGTIDE_TESTS_FORK_KEY";

#[test]
fn a_forked_child_and_its_parent_both_deliver() {
    let server = DevServer::start().expect("the server starts");
    let program = Command::new(env::current_exe().expect("the test knows its program"))
        .args(["--exact", "fork::a_program_that_forks", "--nocapture", "--test-threads=1"])
        .env(PROGRAM, server.url())
        .env(KEY, server.api_key())
        .output()
        .expect("the program runs");
    assert!(
        program.status.success(),
        "{}{}",
        String::from_utf8_lossy(&program.stdout),
        String::from_utf8_lossy(&program.stderr)
    );
    assert_stored_once(&server, 0..7);
}

/// Runs in the program that forks alone.
#[test]
fn a_program_that_forks() {
    let (Ok(url), Ok(key)) = (env::var(PROGRAM), env::var(KEY)) else { return };
    let dsn = url.replace("://", &format!("://{key}@"));
    let client = client(logtide_client::ClientOptions::from_dsn(&dsn).expect("the DSN works"));
    log(&client, 0..2);
    assert!(client.flush_blocking(PATIENCE).is_complete());
    client.reset_metrics();
    match fork::fork().expect("the fork succeeds") {
        fork::Fork::Child => {
            log(&client, 2..5);
            let report = client.flush_blocking(PATIENCE);
            let metrics = client.metrics();
            let right = report.is_complete() && (metrics.logged, metrics.logs_sent) == (3, 3);
            std::process::exit(i32::from(!right));
        }
        fork::Fork::Parent(child) => {
            log(&client, 5..7);
            assert!(client.flush_blocking(PATIENCE).is_complete());
            assert_eq!(fork::waitpid(child).expect("the child ends"), 0, "the child delivered nothing");
        }
    }
}

fn log(client: &Client, ids: std::ops::Range<u64>) {
    for id in ids {
        client.info("svc", "hello", [("id", id)]);
    }
}
