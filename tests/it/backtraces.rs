//! Entries with backtraces among others: their order and their counts.

use std::{collections::BTreeMap, env, fmt, panic, process::Command, thread, time::Duration};

use logtide_client::{Client, DropPolicy, integration::Integration};
use logtide_core::{Head, IntoMetadata as _, Level, LogEntry};
use logtide_tests::{
    chain::Link,
    entries::of_body,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

#[test]
fn entries_keep_their_order_and_their_own_frames() {
    const THREADS: u64 = 6;
    const ENTRIES: u64 = 30;
    let transport = MemoryTransport::new();
    let options = options("http://localhost").batch_size(7).attach_stacktrace(true);
    let client = memory_client(&transport, options);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let client = client.clone();
            scope.spawn(move || {
                for number in 0..ENTRIES {
                    let ids = [("thread", thread), ("number", number)];
                    let err = Link::chain(&[&format!("{thread}/{number}")]);
                    match number % 3 {
                        0 => client.info("svc", "m", ids),
                        1 => odd_place(&client, ids, &err),
                        _ => even_place(&client, ids, &err),
                    }
                }
            });
        }
    });
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent), (THREADS * ENTRIES, THREADS * ENTRIES));

    let mut next = BTreeMap::new();
    for entry in transport.requests().iter().flat_map(|request| of_body(&request.body)) {
        let metadata = &entry["metadata"];
        let number = next.entry(metadata["thread"].to_string()).or_insert(0_u64);
        assert_eq!(metadata["number"], *number, "of thread {}", metadata["thread"]);
        let function = metadata["exception"]["stacktrace"][0]["function"].as_str().unwrap_or_default();
        let expected = ["", "odd_place", "even_place"][(*number % 3) as usize];
        assert!(function.ends_with(expected), "{function}");
        assert_eq!(metadata["exception"] == Value::Null, expected.is_empty());
        *number += 1;
    }
    assert_eq!(next.len() as u64, THREADS);
}

#[inline(never)]
fn odd_place(client: &Client, ids: [(&str, u64); 2], err: &Link) {
    client.error("svc", "m", ids.with(err));
}

#[inline(never)]
fn even_place(client: &Client, ids: [(&str, u64); 2], err: &Link) {
    client.error("svc", "m", ids.with(err));
}

/// More errors than the limit for captured stacks, with no time to resolve the names of all.
#[test]
fn a_burst_of_errors_is_delivered_in_order_and_those_without_frames_have_their_place() {
    const ENTRIES: u64 = 3_000;
    let transport = MemoryTransport::new();
    let options = options("http://localhost").batch_size(100).attach_stacktrace(true);
    let client = memory_client(&transport, options);
    let err = Link::chain(&["refused"]);
    for number in 0..ENTRIES {
        client.error("svc", "m", [("number", number)].with(&err));
    }
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries: Vec<_> = transport.requests().iter().flat_map(|request| of_body(&request.body)).collect();
    assert_eq!(entries.len() as u64, ENTRIES);
    for (entry, number) in entries.iter().zip(0_u64..) {
        assert_eq!(entry["metadata"]["number"], number);
        let first = &entry["metadata"]["exception"]["stacktrace"][0];
        assert!(first["file"].as_str().is_some_and(|file| file.ends_with("it/backtraces.rs")), "{entry:#}");
    }
    assert!(client.metrics().logs_sent == ENTRIES);
}

#[test]
fn before_send_has_the_last_word_on_frames() {
    let transport = MemoryTransport::new();
    let remove = |mut entry: LogEntry| {
        let frames = entry.metadata.get("exception").expect("an error")["stacktrace"].as_array().cloned();
        assert!(frames.expect("frames").iter().any(|frame| frame["function"].is_string()), "{entry:?}");
        // The exception keeps its location, like one that the SDK writes at the log call.
        let place = json!({"file": "hidden", "line": 1});
        let exception = json!({"type": "T", "message": "m", "language": "rust", "stacktrace": [place]});
        entry.metadata.insert("exception", exception);
        entry.metadata.insert("error", json!({"stack": "T: m\n    at hidden:1"}));
        entry.metadata.remove("panic");
        Some(entry)
    };
    let options = options("http://localhost").attach_stacktrace(true).before_send(remove);
    let client = memory_client(&transport, options);
    Integration::of(&client).watch_panics();
    client.error("svc", "m", &Link::chain(&["refused"]));
    let payload = panic::catch_unwind(|| panic!("expected in this test")).expect_err("it panics");
    Integration::of(&client).submit_panic(&Head::new(Level::Error, "svc"), &*payload, "m", ());
    Integration::of(&client).forget_panic(&*payload);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let bodies: Vec<_> = transport.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies.iter().flat_map(|body| of_body(body)).count(), 2);
    for body in bodies {
        let body = String::from_utf8_lossy(&body);
        assert!(body.contains("hidden") && !body.contains(".rs"), "{body}");
    }
}

/// A message that logs an error while it is formatted.
struct Logs<'a>(&'a Client);

impl fmt::Display for Logs<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.error("svc", "meanwhile", &Link::chain(&["refused"]));
        formatter.write_str("panicked")
    }
}

#[test]
fn the_frames_of_a_panic_are_in_its_own_entry_alone() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    Integration::of(&client).watch_panics();
    let payload = panic::catch_unwind(|| panic!("expected in this test")).expect_err("it panics");
    Integration::of(&client).submit_panic(&Head::new(Level::Error, "svc"), &*payload, Logs(&client), ());
    Integration::of(&client).forget_panic(&*payload);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries: Vec<_> = transport.requests().iter().flat_map(|request| of_body(&request.body)).collect();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let frames = entry["metadata"]["exception"]["stacktrace"].as_array().expect("frames");
        assert_eq!(frames.len() > 1, entry["message"] == "panicked", "{entry:#}");
    }
}

#[test]
fn the_option_alone_decides_about_frames() {
    const CHILD: &str = "LOGTIDE_TESTS_BACKTRACES_CHILD";
    if env::var_os(CHILD).is_some() {
        let transport = MemoryTransport::new();
        let client = memory_client(&transport, options("http://localhost"));
        let line = line!() + 1;
        client.error("svc", "m", &Link::chain(&["refused"]));
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        let metadata = of_body(&transport.requests()[0].body)[0]["metadata"].take();
        let frames = metadata["exception"]["stacktrace"].as_array().expect("frames");
        assert_eq!((frames.len(), &frames[0]["line"]), (1, &line.into()), "{frames:#?}");
        assert_eq!(frames[0].get("function"), None);
        return;
    }
    let child = Command::new(env::current_exe().expect("the test knows its program"))
        .args(["--exact", "backtraces::the_option_alone_decides_about_frames"])
        .envs([(CHILD, "1"), ("RUST_BACKTRACE", "1"), ("RUST_LIB_BACKTRACE", "1")])
        .output()
        .expect("the child runs");
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

#[test]
fn a_small_buffer_counts_frames_and_comes_free_again() {
    for policy in [DropPolicy::Newest, DropPolicy::Oldest, DropPolicy::Block(Duration::from_millis(1))] {
        let transport = MemoryTransport::new();
        let options = options("http://localhost")
            .batch_size(1_000)
            .max_buffer_bytes(8 * 1024)
            .drop_policy(policy)
            .attach_stacktrace(true);
        let client = memory_client(&transport, options);
        for _ in 0..50 {
            client.error("svc", "m", &Link::chain(&["refused"]));
            assert!(client.flush_blocking(TIMEOUT).is_complete());
        }
        for _ in 0..200 {
            client.error("svc", "m", &Link::chain(&["refused"]));
        }
        client.flush_blocking(TIMEOUT);
        let metrics = client.metrics();
        assert_eq!((metrics.logged, metrics.pending), (250, 0));
        assert_eq!(metrics.logs_sent + metrics.logs_dropped, 250);
        assert!(metrics.logs_sent >= 51, "{metrics}");
    }
}
