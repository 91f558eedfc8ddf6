//! The entries that lines become.

use logtide_devserver::DevServer;
use serde_json::json;

use super::run::{command, messages, metadata, only, run, success};

#[test]
fn one_entry_is_sent_from_arguments() {
    let server = DevServer::start().expect("it starts");
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let arguments = [
        "deploy done",
        "--service",
        "ci",
        "--level",
        "WARN",
        "--meta",
        "version=1.2.3",
        "-m",
        "attempt=2",
        "--trace-id",
        trace,
    ];
    let said = success(&run(&mut command(&server, &arguments), b""));
    assert_eq!(said, "", "success is silent where nobody looks");
    let entry = only(&server);
    assert_eq!((&*entry.message, &*entry.service, &*entry.level), ("deploy done", "ci", "warn"));
    assert_eq!(metadata(&entry), json!({"version": "1.2.3", "attempt": 2}));
    assert_eq!(entry.trace_id.as_deref(), Some(trace));
}

#[test]
fn json_logfmt_and_text_are_taken_each_as_it_is() {
    let server = DevServer::start().expect("it starts");
    let input = concat!(
        r#"{"level":"error","msg":"json","ts":"2026-11-27T04:46:01Z","service":"shop","user":{"id":7}}"#,
        "\n",
        "level=warn msg=\"log fmt\" took=3\r\n",
        "\n",
        "[ERROR] plain\n",
        "no end",
    );
    let said = success(&run(&mut command(&server, &["--level", "debug"]), input.as_bytes()));
    assert!(said.contains("4 entries delivered"), "{said}");
    let stored = server.stored();
    let heads: Vec<_> =
        stored.iter().map(|entry| (&*entry.message, &*entry.level, &*entry.service)).collect();
    assert_eq!(
        heads,
        [
            ("json", "error", "shop"),
            ("log fmt", "warn", "cli"),
            ("[ERROR] plain", "error", "cli"),
            ("no end", "debug", "cli")
        ]
    );
    assert_eq!(metadata(&stored[0]), json!({"user": {"id": 7}}));
    assert_eq!(stored[0].time.to_rfc3339(), "2026-11-27T04:46:01+00:00");
    assert_eq!(metadata(&stored[1]), json!({"took": 3}));
}

#[test]
fn the_lines_of_a_trace_are_one_entry_unless_that_is_off() {
    let input = "before\nTraceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'x'\nafter\n";
    let server = DevServer::start().expect("it starts");
    success(&run(&mut command(&server, &[]), input.as_bytes()));
    assert_eq!(
        messages(&server),
        ["before", "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'x'", "after"]
    );
    assert_eq!(server.stored()[1].level, "error");
    server.reset();
    success(&run(&mut command(&server, &["--no-join"]), input.as_bytes()));
    assert_eq!(messages(&server), input.lines().collect::<Vec<_>>());
}

#[test]
fn an_object_over_several_lines_is_one_entry() {
    let server = DevServer::start().expect("it starts");
    success(&run(&mut command(&server, &[]), b"{\n  \"level\": \"warn\",\n  \"msg\": \"pretty\"\n}\nnext\n"));
    assert_eq!(messages(&server), ["pretty", "next"]);
}

#[test]
fn bytes_that_are_not_utf8_are_sent_as_far_as_they_are_text() {
    let server = DevServer::start().expect("it starts");
    let said =
        success(&run(&mut command(&server, &[]), b"caf\xe9 \xff open\nfine\n{\"msg\":\"na\xefve\"}\n"));
    assert_eq!(messages(&server), ["caf\u{fffd} \u{fffd} open", "fine", "na\u{fffd}ve"]);
    assert!(said.contains("2 lines are not UTF-8"), "{said}");
}

#[test]
fn a_line_of_10_mb_is_cut_and_counted() {
    let server = DevServer::start().expect("it starts");
    let mut input = vec![b'x'; 10_000_000];
    input.extend_from_slice("\nafter\n".as_bytes());
    let said = success(&run(&mut command(&server, &[]), &input));
    assert!(said.contains("1 line was cut at 262,144 bytes"), "{said}");
    let stored = server.stored();
    assert_eq!((stored.len(), stored[0].message.len(), &*stored[1].message), (2, 262_144, "after"));
    assert_eq!(metadata(&stored[0]), json!({"_truncated": true, "_original_size": 10_000_000}));
}

#[test]
fn a_file_is_sent_whole_under_its_name() {
    let server = DevServer::start().expect("it starts");
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("shop.log");
    std::fs::write(&path, "\u{feff}one\ntwo").expect("it is written");
    let pattern = folder.path().join("*.log");
    success(&run(&mut command(&server, &["--file", &pattern.to_string_lossy()]), b""));
    assert_eq!(messages(&server), ["one", "two"]);
    assert_eq!(server.stored()[0].service, "shop");
}

#[test]
fn the_input_is_copied_byte_by_byte() {
    let server = DevServer::start().expect("it starts");
    let input = b"{\"msg\":\"a\"}\r\n\xff\nno end";
    let output = run(&mut command(&server, &["--tee"]), input);
    success(&output);
    assert_eq!(output.stdout, input);
    assert_eq!(server.stored_count(), 3);
}
