//! Exit codes and messages of commands that fail.

use std::net::TcpListener;

use logtide_devserver::{DevServer, Fault, Target};

use crate::setup::{Done, Logtide};

const READING: [&str; 4] = ["query", "tail", "stats", "trace t1"];

/// Fails unless the command ended with this code and one sentence that contains the text.
fn assert_ended(done: &Done, code: i32, text: &str) {
    let Done { stdout, stderr, .. } = done;
    assert_eq!((done.code, &**stdout), (code, ""), "{stderr}");
    assert!(stderr.starts_with("logtide: ") && stderr.lines().count() == 1, "one sentence: {stderr}");
    assert!(stderr.contains(text), "{stderr}");
}

#[test]
fn a_wrong_key() {
    let server = DevServer::start().expect("the server starts");
    for command in READING {
        let done = Logtide::at(server.url(), "lp_wrong", command).run();
        assert_ended(&done, 3, "the server does not accept the API key");
        assert!(!done.stderr.contains("lp_wrong"));
    }
}

#[test]
fn a_key_that_may_only_send() {
    let server = DevServer::start().expect("the server starts");
    for command in READING {
        let done = Logtide::at(server.url(), server.write_key(), command).run();
        assert_ended(&done, 3, "to read, use a key with full access");
    }
}

#[test]
fn a_server_that_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it listens"));
    drop(listener);
    for command in READING {
        assert_ended(&Logtide::at(&url, "lp_key", command).run(), 4, "connect");
    }
}

#[test]
fn a_server_with_a_fault() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Status(500)).on(Target::Reads).always();
    for command in READING {
        assert_ended(&Logtide::with(&server, command).run(), 4, "500");
    }
}

#[test]
fn no_server_at_all() {
    for command in READING {
        assert_ended(&Logtide::new(command).run(), 3, "run `logtide login`, or set LOGTIDE_DSN");
    }
    let done = Logtide::new("query --url http://127.0.0.1:1").run();
    assert_ended(&done, 3, "there is no key for http://127.0.0.1:1");
    let done = Logtide::new("query --profile nowhere").run();
    assert_ended(&done, 3, "there is no profile `nowhere`");
    let done = Logtide::new("query --dsn http://localhost").run();
    assert_ended(&done, 2, "the DSN has no valid API key");
}

#[test]
fn an_address_that_cannot_be_used() {
    for command in READING {
        assert_ended(&Logtide::at("ftp://logs.example", "lp_key", command).run(), 3, "http://");
    }
}

#[test]
fn a_wrong_command_line() {
    for (arguments, text) in [
        ("tial", "tail"),
        ("tail --levle warn", "--level"),
        ("tail --level loud", "use debug, info, warn, error or critical"),
        ("tail --plain --since 10m", "cannot be used with"),
        ("query --since soon", "write a time such as 10m, today"),
        ("query --limit 0", "use a number from 1, or `all`"),
        ("query --context 2 --reverse", "cannot be used with"),
        ("query --dsn http://k@h --url http://h", "cannot be used with"),
        ("query --output xml", "pretty"),
        ("query --metadata =x", "write a key before the value"),
    ] {
        let done = Logtide::new(arguments).run();
        assert_eq!((done.code, &*done.stdout), (2, ""), "{arguments}");
        assert!(done.stderr.contains(text), "{arguments}: {}", done.stderr);
    }
}

#[test]
fn a_trace_that_does_not_exist() {
    let server = DevServer::start().expect("the server starts");
    let done = Logtide::with(&server, "trace 4BF9").run();
    assert_ended(&done, 1, "there is no trace `4BF9`: check the id, which is case-sensitive");
}
