//! The entries that `tail` shows.

use std::{net::TcpListener, time::Duration};

use logtide_devserver::{Database, DevServer, KeyKind};
use nix::sys::signal::Signal::{SIGINT, SIGTERM};
use serde_json::{Value, json};

use crate::setup::{DEADLINE, Logtide, ingest};

/// Returns an entry of this moment.
fn now(message: &str) -> Value {
    let time = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    json!({"time": time, "service": "api", "level": "info", "message": message})
}

/// Returns an entry of some minutes ago.
fn ago(minutes: i64, message: &str) -> Value {
    let time = chrono::Utc::now() - chrono::TimeDelta::minutes(minutes);
    let mut entry = now(message);
    entry["time"] = json!(time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    entry
}

/// Starts a server that can be restarted at the same address with the same data.
fn server_at(address: &str, file: &std::path::Path) -> DevServer {
    let address = address.parse().expect("an address");
    let server = DevServer::builder().address(address).database(Database::File(file.to_owned()));
    server.api_key("lp_full", KeyKind::Full).start().expect("the server starts")
}

/// Cuts this many connections to an address.
fn refuse(address: &str, connections: usize) {
    let listener = TcpListener::bind(address).expect("the address is free");
    assert_eq!(listener.incoming().take(connections).flatten().count(), connections);
}

/// Returns the messages of raw output, sorted.
fn sorted(stdout: &str) -> Vec<&str> {
    let mut lines: Vec<_> = stdout.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn history_goes_over_into_live_without_gap_or_double() {
    let server = DevServer::start().expect("the server starts");
    let history: Vec<_> = (0..1_500).map(|number| ago(5, &format!("old {number:04}"))).collect();
    ingest(&server, &history);
    ingest(&server, &[ago(30, "too old")]);
    let mut tail = Logtide::with(&server, "tail --since 10m --output raw").start();
    // More entries arrive while it reads the existing ones.
    let mut expected: Vec<_> = (0..1_500).map(|number| format!("old {number:04}")).collect();
    for batch in 0..10 {
        let entries: Vec<_> = (0..150).map(|number| now(&format!("new {batch} {number:03}"))).collect();
        expected.extend((0..150).map(|number| format!("new {batch} {number:03}")));
        ingest(&server, &entries);
    }
    tail.wait_for("old 1499");
    ingest(&server, &[now("zz last")]);
    expected.push("zz last".to_owned());
    expected.sort_unstable();
    tail.wait_for("zz last");
    // Entries of the same millisecond may follow it.
    tail.wait_for("new 9 149");
    tail.signal(SIGINT);
    let done = tail.end();
    assert_eq!((done.code, &*done.stderr), (0, ""));
    assert_eq!(sorted(&done.stdout), expected);
}

#[test]
fn a_restart_of_the_server_is_told_once_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let file = folder.path().join("logs.db");
    let server = server_at("127.0.0.1:0", &file);
    let address = server.address().to_string();
    let mut tail = Logtide::with(&server, "tail --output raw").start();
    assert!(server.wait_for_requests(2, DEADLINE), "it reads");
    ingest(&server, &[now("before")]);
    tail.wait_for("before");
    server.shutdown();
    tail.wait_for_error("cannot reach the server, retrying");
    refuse(&address, 4);
    let server = server_at(&address, &file);
    ingest(&server, &[now("after")]);
    tail.wait_for_error("the server is reachable again");
    tail.wait_for("after");
    tail.signal(SIGTERM);
    let done = tail.end();
    assert_eq!((done.code, &*done.stdout), (0, "before\nafter\n"));
    assert_eq!(done.stderr.lines().count(), 2, "{}", done.stderr);
}

#[test]
fn filters_that_the_stream_does_not_know() {
    let server = DevServer::start().expect("the server starts");
    let mut wanted = now("a Timeout of a request");
    wanted["metadata"] = json!({"tenant": "acme"});
    wanted["trace_id"] = json!("t1");
    let variants = ["message", "metadata", "trace_id", "level", "service"].map(|key| {
        let mut other = wanted.clone();
        match key {
            "level" => other[key] = json!("debug"),
            "message" => other[key] = json!("another message"),
            "metadata" => other[key] = json!({"tenant": "other"}),
            _ => other[key] = json!("other"),
        }
        other
    });
    let arguments =
        "tail --since 1h --text timeout --metadata tenant=acme --trace t1 --level info --service api";
    let mut tail = Logtide::with(&server, &format!("{arguments} --output json")).start();
    ingest(&server, &variants);
    wanted["message"] = json!("the last Timeout");
    ingest(&server, &[wanted]);
    tail.wait_for("the last Timeout");
    tail.signal(SIGINT);
    let done = tail.end();
    assert_eq!((done.code, done.stdout.lines().count()), (0, 1), "{}", done.stdout);
}

#[test]
fn the_plain_stream_says_what_may_be_missing() {
    let server = DevServer::start().expect("the server starts");
    let mut tail = Logtide::with(&server, "tail --plain --output raw").start();
    // The stream starts with entries logged after it is open, which nothing reports. So entries are logged until one is shown.
    for number in 0.. {
        ingest(&server, &[now(&format!("try {number}"))]);
        if tail.shows("try", Duration::from_millis(250)) {
            break;
        }
        assert!(number < 240, "the stream shows nothing");
    }
    let burst: Vec<_> = (0..300).map(|number| now(&format!("burst {number}"))).collect();
    ingest(&server, &burst);
    tail.wait_for_error(
        "may be missing: the server streams at most 100 entries a second; omit --plain to see all",
    );
    tail.signal(SIGINT);
    assert_eq!(tail.end().code, 0);
}
