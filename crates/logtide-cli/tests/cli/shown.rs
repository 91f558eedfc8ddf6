//! The output formats of entries.

use insta::assert_snapshot;
use logtide_devserver::DevServer;
use serde_json::{Value, json};

use crate::setup::{DAY, Logtide, entry, server_with};

/// A server with entries of all usual kinds.
fn server() -> DevServer {
    let error = json!({
        "exception": {
            "type": "anyhow::Error", "message": "db down", "language": "rust",
            "stacktrace": [{"file": "src/main.rs", "function": "app::main", "line": 10, "column": 5}],
            "cause": {"type": "std::io::Error", "message": "connection refused", "stacktrace": []}
        },
        "error": {"name": "anyhow::Error", "message": "db down", "stack": "…"},
        "attempt": 3
    });
    let mut traced =
        entry("22:59:59.999", "info", "order placed", json!({"order": 42, "customer": "J. Doe"}));
    traced["trace_id"] = json!("4bf92f3577b34da6a3ce929d0e0e4736");
    server_with(&[
        entry(
            "09:00:00.000",
            "debug",
            "cache warmed up",
            json!({"entries": 1_000, "nested": {"a": [1, null]}}),
        ),
        entry(
            "09:00:00.250",
            "warn",
            "first line\nsecond line\n\tthird, with a tab",
            json!({"size": "10 MB"}),
        ),
        entry("09:00:01.000", "error", "the order failed", error),
        entry(
            "09:00:02.000",
            "critical",
            "a long message that goes on and on and on until it is wider than any narrow terminal would show in a line",
            json!({}),
        ),
        traced,
        entry("23:00:00.000", "info", "the next day in this zone", json!({})),
    ])
}

fn query(server: &DevServer, arguments: &str) -> String {
    Logtide::with(server, &format!("query {DAY} {arguments}")).output()
}

#[test]
fn for_people() {
    assert_snapshot!(query(&server(), ""));
}

#[test]
fn in_colours() {
    let colored = query(&server(), "--color always --level error");
    assert_snapshot!(colored.replace('\x1b', "ESC"));
}

#[test]
fn on_narrow_terminals() {
    let server = server();
    let narrow = |columns| {
        let arguments = format!("query {DAY} --wrap always");
        Logtide::with(&server, &arguments).env("COLUMNS", columns).output()
    };
    assert_snapshot!(narrow("40"));
    for columns in ["20", "33", "64"] {
        let width = columns.parse().expect("a number");
        for line in narrow(columns).lines() {
            assert!(line.chars().count() <= width, "{columns}: {line}");
        }
    }
}

#[test]
fn as_json() {
    let lines = query(&server(), "--output json");
    let shown: String = lines
        .lines()
        .map(|line| {
            let mut value: Value = serde_json::from_str(line).expect("a JSON object a line");
            for key in ["id", "projectId"] {
                assert!(value[key].is_string(), "{line}");
                value[key] = json!("…");
            }
            format!("{value}\n")
        })
        .collect();
    assert_snapshot!(shown);
}

#[test]
fn as_logfmt() {
    assert_snapshot!(query(&server(), "--output logfmt"));
}

#[test]
fn raw() {
    assert_snapshot!(query(&server(), "--output raw"));
}

/// A server with escape sequences and the like in every part of an entry that can hold them.
pub(crate) fn hostile() -> DevServer {
    let bad = "a\x1b]0;pwned\x07\x1b[2J\u{9b}31m\u{7f}\u{202e}b\r";
    let mut hostile = entry(
        "09:00:00.000",
        "error",
        bad,
        json!({
            bad: bad, "nested": {bad: [bad]},
            "exception": {"type": bad, "message": bad, "stacktrace": [{"file": bad, "function": bad}], "cause": {"message": bad, "raw": bad}}
        }),
    );
    hostile["service"] = json!(bad);
    hostile["trace_id"] = json!("t");
    server_with(&[hostile])
}

/// Whether a text contains a character that a terminal does not show as it is.
pub(crate) fn has_raw_control(text: &str) -> bool {
    text.chars().any(|character| {
        (character.is_control() && !matches!(character, '\n' | '\t'))
            || matches!(character, '\u{202a}'..='\u{202e}')
    })
}

#[test]
fn control_characters_never_come_out_raw() {
    let server = hostile();
    let context = format!("query {DAY} --context 2");
    for arguments in [
        format!("query {DAY} --output pretty"),
        format!("query {DAY} --output pretty --wrap always"),
        format!("query {DAY} --output json"),
        format!("query {DAY} --output logfmt"),
        context,
        format!("stats {DAY}"),
        format!("stats {DAY} --text a"),
        format!("stats {DAY} --text a --output json"),
        "trace t".to_owned(),
        "trace t --output json".to_owned(),
    ] {
        let output = Logtide::with(&server, &arguments).output();
        assert!(output.contains("pwned") || !arguments.starts_with("query"), "{arguments}: {output}");
        assert!(!has_raw_control(&output), "{arguments}: {output:?}");
    }
    let raw = query(&server, "--output raw");
    assert!(raw.contains("\x1b[2J"), "into a file or a pipe, raw is raw: {raw:?}");
}
