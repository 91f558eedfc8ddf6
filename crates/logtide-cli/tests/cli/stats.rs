//! Counts over time.

use insta::assert_snapshot;
use logtide_devserver::DevServer;
use serde_json::{Value, json};

use crate::setup::{DAY, Logtide, entry, server_with};

fn server() -> DevServer {
    let mut entries = Vec::new();
    for hour in 0..24 {
        for number in 0..=hour {
            let time = format!("{hour:02}:{:02}:00.000", number * 2);
            entries.push(entry(&time, "info", &format!("request {number}"), json!({"n": number})));
        }
    }
    for (time, message) in [("10:00:00", "disk full"), ("10:01:00", "disk full"), ("20:00:00", "timeout")] {
        let mut error = entry(time, "error", message, json!({}));
        error["service"] = json!("store");
        entries.push(error);
    }
    server_with(&entries)
}

#[test]
fn drawn_to_the_width_of_the_terminal() {
    let server = server();
    let drawn =
        |columns| Logtide::with(&server, &format!("stats {DAY} --text e")).env("COLUMNS", columns).output();
    assert_snapshot!(drawn("100"));
    assert_snapshot!(drawn("40"));
    for columns in ["20", "61", "150", "400"] {
        let width = columns.parse().expect("a number");
        for line in drawn(columns).lines() {
            assert!(line.chars().count() <= width, "{columns}: {line}");
        }
    }
}

#[test]
fn the_server_and_the_command_count_the_same() {
    let server = server();
    let stats = |arguments: &str| {
        let output = Logtide::with(&server, &format!("stats {DAY} --output json {arguments}")).output();
        assert_eq!(output.lines().count(), 1);
        serde_json::from_str::<Value>(&output).expect("JSON")
    };
    // Every message has an `e` or a `u`. The text filter makes the command count by itself.
    let (there, here) = (stats(""), stats("--metadata absent!=1"));
    for key in ["total", "by_level", "timeseries", "interval_seconds", "from", "to"] {
        assert_eq!(there[key], here[key], "{key}");
    }
    assert_eq!((&there["total"], &there["by_level"]["error"]), (&json!(303), &json!(3)));
    assert_eq!(here["top_services"]["items"][0], json!({"service": "api", "count": 300}));
    assert_eq!(here["top_errors"]["items"][0], json!({"message": "disk full", "count": 2}));
    let both = stats("--service store --service api --level warn");
    assert_eq!(
        (&both["total"], &both["top_services"]["items"]),
        (&json!(3), &json!([{"service": "store", "count": 3}]))
    );
}

#[test]
fn nothing_is_told_in_a_line() {
    let server = server();
    let output = Logtide::with(&server, "stats --since 2020-01-01 --to 2020-01-02 --service api").output();
    assert!(
        output.starts_with("0 entries from 2020-01-01 00:00 to 2020-01-02 00:00, UTC+01:00\n"),
        "{output}"
    );
}
