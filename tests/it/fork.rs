//! Forked children deliver only their own entries.

use std::{
    collections::BTreeSet,
    panic, process, thread,
    time::{Duration, Instant},
};

use fork::Fork;
use logtide_client::{Client, integration::Integration};
use logtide_core::{Head, Level};
use logtide_devserver::DevServer;
use logtide_tests::{
    chain::Link,
    entries::assert_stored_once,
    program,
    setup::{TIMEOUT, client, wait_until},
};

/// Far shorter than [`TIMEOUT`], and long enough for entries to stay pending in the parent.
const INTERVAL: Duration = Duration::from_millis(200);

#[test]
fn a_forked_child_and_its_parent_both_deliver() {
    let server = DevServer::start().expect("the server starts");
    program::run(&mut program::program("fork::a_program_that_forks", &server));
    assert_stored_once(&server, 0..7);
    let traces: BTreeSet<_> = server.stored().into_iter().map(|entry| entry.trace_id).collect();
    assert_eq!(traces.len(), 7, "parent and child give the same ids: {traces:?}");
    let metadata: Vec<_> = server.stored().into_iter().filter_map(|entry| entry.metadata).collect();
    let events: BTreeSet<_> = metadata.iter().filter_map(|fields| fields["event_id"].as_str()).collect();
    assert_eq!(events.len(), 7, "parent and child give the same ids: {events:?}");
    let mut numbers: Vec<_> = metadata.iter().filter_map(|fields| fields["seq"].as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 1, 2, 2, 3, 3, 4], "the child counts on its own");
}

/// Runs in a separate process.
#[test]
fn a_program_that_forks() {
    let Some(options) = program::options() else { return };
    let client = client(options.auto_trace_id(true).event_ids(true).sequence_numbers(true));
    log(&client, 0..2);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    client.reset_metrics();
    match fork::fork().expect("the fork succeeds") {
        Fork::Child => {
            log(&client, 2..5);
            let report = client.flush_blocking(TIMEOUT);
            let metrics = client.metrics();
            let right = report.is_complete() && (metrics.logged, metrics.logs_sent) == (3, 3);
            process::exit(i32::from(!right));
        }
        Fork::Parent(child) => {
            log(&client, 5..7);
            assert!(client.flush_blocking(TIMEOUT).is_complete());
            assert_eq!(fork::waitpid(child).expect("the child ends"), 0, "the child delivered nothing");
        }
    }
}

#[test]
fn a_daemon_delivers_a_few_entries_at_its_interval() {
    let server = DevServer::start().expect("the server starts");
    program::run(&mut program::program("fork::a_program_that_becomes_a_daemon", &server));
    assert_stored_once(&server, 0..5);
}

/// Runs in a separate process. It forks twice, like a daemon, and each parent ends at once with what it has logged.
#[test]
fn a_program_that_becomes_a_daemon() {
    let Some(options) = program::options() else { return };
    let client = client(options.flush_interval(INTERVAL));
    log(&client, 0..1);
    become_child();
    log(&client, 1..2);
    become_child();
    log(&client, 2..5);
    wait_until("the daemon delivers without a flush", || client.metrics().logs_sent == 3);
    assert_eq!(client.metrics().logged, 3);
    process::exit(0);
}

/// Continues in a forked child.
fn become_child() {
    if fork::fork().expect("the fork succeeds").is_parent() {
        process::exit(0);
    }
}

#[test]
fn a_child_forked_while_others_log_does_not_hang() {
    let server = DevServer::start().expect("the server starts");
    program::run(&mut program::program("fork::a_program_that_forks_while_it_logs", &server));
}

/// Runs in a separate process.
#[test]
fn a_program_that_forks_while_it_logs() {
    const THREADS: usize = 24;
    const CHILDREN: usize = 40;
    let Some(options) = program::options() else { return };
    let client = client(options.flush_interval(Duration::from_millis(1)).batch_size(10));
    for _ in 0..THREADS {
        let client = client.clone();
        thread::spawn(move || {
            loop {
                client.info("svc", "parent", ());
                let _ = client.metrics();
                client.set_trace_id(Some("trace"));
            }
        });
    }
    for child in 0..CHILDREN {
        match fork::fork().expect("the fork succeeds") {
            Fork::Child => deliver_in_child(&client, child),
            Fork::Parent(child) => assert_eq!(fork::waitpid(child).expect("the child ends"), 0),
        }
    }
    // Threads that never stop logging delay a normal exit, and their entries are not checked.
    process::exit(0);
}

fn deliver_in_child(client: &Client, child: usize) -> ! {
    let start = Instant::now();
    thread::spawn(move || {
        thread::park_timeout(TIMEOUT);
        process::abort();
    });
    client.set_trace_id(Some("child"));
    client.info("svc", "child", [("id", child)]);
    wait_until("the child delivers", || client.metrics().logs_sent == 1);
    process::exit(i32::from(start.elapsed() >= TIMEOUT));
}

#[test]
fn a_child_forked_while_others_log_errors_takes_no_stack_and_does_not_hang() {
    let server = DevServer::start().expect("the server starts");
    program::run(&mut program::program("fork::a_program_that_forks_while_it_logs_errors", &server));
}

/// Runs in a separate process.
#[test]
fn a_program_that_forks_while_it_logs_errors() {
    const THREADS: usize = 4;
    const CHILDREN: usize = 12;
    let Some(options) = program::options() else { return };
    let client = client(options.flush_interval(Duration::from_millis(1)).attach_stacktrace(true));
    Integration::of(&client).watch_panics();
    for _ in 0..THREADS {
        let client = client.clone();
        thread::spawn(move || {
            loop {
                client.error("svc", "parent", &Link::chain(&["refused"]));
                thread::park_timeout(Duration::from_micros(100));
            }
        });
    }
    wait_until("names are looked up", || client.metrics().logs_sent > 0);
    for _ in 0..CHILDREN {
        match fork::fork().expect("the fork succeeds") {
            Fork::Child => fail_in_child(&client),
            Fork::Parent(child) => assert_eq!(fork::waitpid(child).expect("the child ends"), 0),
        }
    }
    // The same as above.
    process::exit(0);
}

/// Logs an error and a panic, with the hook of the standard library, which takes its backtrace lock.
fn fail_in_child(client: &Client) -> ! {
    thread::spawn(move || {
        thread::park_timeout(TIMEOUT);
        process::abort();
    });
    client.error("svc", "child", &Link::chain(&["refused"]));
    let payload = panic::catch_unwind(|| panic!("expected in this test")).expect_err("it panics");
    let head = Head::new(Level::Error, "svc");
    Integration::of(client).submit_panic(&head, &*payload, "child", ());
    wait_until("the child delivers", || client.metrics().logs_sent == 2);
    process::exit(0);
}

fn log(client: &Client, ids: std::ops::Range<u64>) {
    for id in ids {
        client.info("svc", "hello", [("id", id)]);
    }
}
