//! Output that is read in part.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use crate::{
    running::wait,
    setup::{DAY, Logtide, entry, server_with},
};

#[test]
fn a_closed_pipe_ends_a_command_quietly() {
    let entries: Vec<_> = (0..3_000)
        .map(|number| {
            entry("09:00:00", "info", &format!("{number} {}", "x".repeat(200)), serde_json::json!({}))
        })
        .collect();
    let server = server_with(&entries);
    for arguments in ["query --limit all", "query --limit all --reverse", "query --limit all --output json"] {
        let (mut command, _home) = Logtide::with(&server, &format!("{arguments} {DAY}")).into_parts();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let mut stdout = BufReader::with_capacity(16, child.stdout.take().expect("a pipe"));
        stdout.read_line(&mut line).expect("a line");
        drop(stdout);
        let stderr = std::io::read_to_string(child.stderr.take().expect("a pipe")).expect("text");
        assert_eq!((wait(&mut child).code(), &*stderr), (Some(0), ""), "{arguments}");
    }
}

#[test]
fn a_tail_that_nobody_reads_ends_though_nothing_is_logged() {
    let server = server_with(&[]);
    let time = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let entry = serde_json::json!({"time": time, "service": "api", "level": "info", "message": "one"});
    crate::setup::ingest(&server, &[entry]);
    let (mut command, _home) = Logtide::with(&server, "tail --since 10m --output raw").into_parts();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    assert_eq!(line, "one\n");
    let stderr = std::io::read_to_string(child.stderr.take().expect("a pipe")).expect("text");
    assert_eq!((wait(&mut child).code(), &*stderr), (Some(0), ""));
}
