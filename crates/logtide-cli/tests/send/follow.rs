//! Followed files.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use logtide_devserver::DevServer;
use nix::sys::signal::Signal;
use tempfile::TempDir;

use super::run::{LONG, Running, command, eventually, messages, success};

/// A folder with a log file, and a state file.
struct Logs {
    server: DevServer,
    folder: TempDir,
}

impl Logs {
    fn new() -> Self {
        Self {
            server: DevServer::start().expect("it starts"),
            folder: tempfile::tempdir().expect("there is room"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn append(&self, name: &str, text: &str) {
        append(&self.path(name), text);
    }

    fn follow(&self, pattern: &str, more: &[&str]) -> Running {
        let (pattern, state) = (self.path(pattern), self.path("state.json"));
        let mut arguments = vec!["--follow", pattern.to_str().expect("it is text")];
        arguments.extend(["--state", state.to_str().expect("it is text")]);
        arguments.extend(more);
        Running::start(&mut command(&self.server, &arguments))
    }

    /// Waits until the server has exactly these messages, in any order.
    fn expect(&self, expected: &[&str]) {
        self.server.wait_for_stored(expected.len() as u64, LONG);
        let (mut found, mut expected) = (messages(&self.server), expected.to_vec());
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }
}

fn append(path: &Path, text: &str) {
    append_bytes(path, text.as_bytes());
}

fn append_bytes(path: &Path, text: &[u8]) {
    let mut file = OpenOptions::new().append(true).create(true).open(path).expect("it opens");
    file.write_all(text).expect("it is written");
}

fn stop(mut child: Running) -> String {
    child.signal(Signal::SIGTERM);
    success(&child.end())
}

#[test]
fn lines_are_sent_as_they_come_and_files_as_they_appear() {
    let logs = Logs::new();
    logs.append("a.log", "one\n");
    let child = logs.follow("*.log", &[]);
    logs.expect(&["one"]);
    logs.append("a.log", "two\nhal");
    logs.append("b.log", "three\n");
    logs.expect(&["one", "two", "three"]);
    logs.append("a.log", "f\n");
    logs.expect(&["one", "two", "three", "half"]);
    let services: Vec<_> =
        logs.server.stored().into_iter().map(|entry| (entry.message, entry.service)).collect();
    assert!(services.contains(&("three".to_owned(), "b".to_owned())), "{services:?}");
    stop(child);
}

#[test]
fn a_file_that_is_renamed_is_read_to_its_end() {
    let logs = Logs::new();
    logs.append("a.log", "one\n");
    let child = logs.follow("a.log", &[]);
    logs.expect(&["one"]);
    let mut old = OpenOptions::new().append(true).open(logs.path("a.log")).expect("it opens");
    fs::rename(logs.path("a.log"), logs.path("a.log.1")).expect("it is renamed");
    old.write_all(b"two\n").expect("it is written");
    logs.append("a.log", "three\n");
    logs.expect(&["one", "two", "three"]);
    old.write_all(b"late\n").expect("it is written");
    logs.expect(&["one", "two", "three", "late"]);
    stop(child);
    logs.expect(&["one", "two", "three", "late"]);
}

#[test]
fn a_pattern_that_finds_the_old_names_too_sends_nothing_twice() {
    let logs = Logs::new();
    logs.append("a.log", "one\n");
    let child = logs.follow("a.log*", &[]);
    logs.expect(&["one"]);
    fs::rename(logs.path("a.log"), logs.path("a.log.1")).expect("it is renamed");
    logs.append("a.log", "two\n");
    logs.expect(&["one", "two"]);
    logs.append("a.log.1", "three\n");
    logs.expect(&["one", "two", "three"]);
    stop(child);
}

#[test]
fn a_file_that_is_truncated_is_read_from_its_start_and_its_copy_is_not() {
    let logs = Logs::new();
    let long = "x".repeat(300);
    logs.append("a.log", &format!("one {long}\n"));
    let child = logs.follow("a.log*", &[]);
    logs.expect(&[&format!("one {long}")]);
    // The copy takes a while, in which a scan finds an incomplete copy.
    logs.append("a.log.1", "one ");
    logs.append("a.log.z", "other\n");
    logs.expect(&[&format!("one {long}"), "other"]);
    logs.append("a.log.1", &format!("{long}\n"));
    OpenOptions::new()
        .write(true)
        .open(logs.path("a.log"))
        .and_then(|file| file.set_len(0))
        .expect("it is truncated");
    logs.append("a.log", "two\n");
    logs.expect(&[&format!("one {long}"), "other", "two"]);
    // Longer than before, in one write.
    fs::write(logs.path("a.log"), format!("three\nfour {long}\n")).expect("it is written");
    logs.expect(&[&format!("one {long}"), "other", "two", "three", &format!("four {long}")]);
    stop(child);
    logs.expect(&[&format!("one {long}"), "other", "two", "three", &format!("four {long}")]);
}

#[test]
fn a_file_that_is_compressed_away_is_read_to_its_end_and_its_archive_is_not() {
    let logs = Logs::new();
    logs.append("a.log", "one\n");
    let child = logs.follow("a.log*", &[]);
    logs.expect(&["one"]);
    logs.append("a.log", "two\n");
    fs::write(logs.path("a.log.1.gz"), b"\x1f\x8b\x08\x00archive\n").expect("it is written");
    // An archive that is found while it is still empty.
    logs.append("a.log.2.gz", "");
    eventually("the empty one is found", || {
        fs::read_to_string(logs.path("state.json")).is_ok_and(|state| state.contains("a.log.2.gz"))
    });
    append_bytes(&logs.path("a.log.2.gz"), b"\x1f");
    append_bytes(&logs.path("a.log.2.gz"), b"\x8b\x08\x00archive\n");
    fs::remove_file(logs.path("a.log")).expect("it is removed");
    logs.append("a.log", "three\n");
    logs.expect(&["one", "two", "three"]);
    let said = stop(child);
    assert!(said.contains("a.log.1.gz is compressed") && said.contains("a.log.2.gz is compressed"), "{said}");
    logs.expect(&["one", "two", "three"]);
}

#[test]
fn the_position_is_kept_across_restarts_also_over_a_kill() {
    let logs = Logs::new();
    logs.append("a.log", "one\ntwo\npar");
    let child = logs.follow("a.log", &[]);
    logs.expect(&["one", "two"]);
    stop(child);
    logs.append("a.log", "tial\n");
    let mut child = logs.follow("a.log", &[]);
    logs.expect(&["one", "two", "partial"]);
    let length = fs::metadata(logs.path("a.log")).expect("it is there").len();
    eventually("the position is kept", || {
        fs::read_to_string(logs.path("state.json"))
            .is_ok_and(|state| state.contains(&format!("\"position\": {length}")))
    });
    child.signal(Signal::SIGKILL);
    child.end();
    logs.append("a.log", "four\n");
    let child = logs.follow("a.log", &[]);
    logs.expect(&["one", "two", "partial", "four"]);
    stop(child);
    logs.expect(&["one", "two", "partial", "four"]);
}

#[test]
fn files_that_were_renamed_or_replaced_meanwhile_lose_and_double_nothing() {
    let logs = Logs::new();
    logs.append("a.log", "one\n");
    logs.append("b.log", "bee\n");
    let child = logs.follow("?.log", &[]);
    logs.expect(&["one", "bee"]);
    stop(child);
    logs.append("a.log", "two\n");
    fs::rename(logs.path("a.log"), logs.path("a.log.1")).expect("it is renamed");
    logs.append("a.log", "three\n");
    File::create(logs.path("b.log")).and_then(|mut file| file.write_all(b"other\n")).expect("it is written");
    let child = logs.follow("?.log", &[]);
    logs.expect(&["one", "bee", "two", "three", "other"]);
    stop(child);
    logs.expect(&["one", "bee", "two", "three", "other"]);
}

#[test]
fn what_was_not_delivered_is_sent_by_the_next_run() {
    let logs = Logs::new();
    let lines: Vec<_> = (0..5_000).map(|number| format!("line {number}")).collect();
    logs.append("a.log", &format!("{}\n", lines.join("\n")));
    logs.server.chaos(logtide_devserver::Fault::Status(503)).always();
    let mut child = logs.follow("a.log", &["--shutdown-timeout", "0.5", "--no-join"]);
    assert!(logs.server.wait_for_requests(1, LONG));
    child.signal(Signal::SIGTERM);
    assert!(!child.end().status.success(), "nothing was delivered");
    logs.server.clear_chaos();
    let child = logs.follow("a.log", &["--no-join"]);
    assert!(logs.server.wait_for_stored(5_000, LONG));
    stop(child);
    assert_eq!(messages(&logs.server), lines);
}

#[test]
fn two_that_follow_with_one_state_file_are_refused() {
    let logs = Logs::new();
    logs.append("a.log", "one\n");
    let child = logs.follow("a.log", &[]);
    logs.expect(&["one"]);
    let output = logs.follow("a.log", &[]).end();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    stop(child);
}

#[test]
fn what_was_there_before_can_be_left_out() {
    let logs = Logs::new();
    logs.append("a.log", "old\n");
    let child = logs.follow("*.log", &["--from-end"]);
    eventually("it has begun", || logs.path("state.json").exists());
    logs.append("a.log", "new\n");
    logs.append("b.log", "other\n");
    logs.expect(&["new", "other"]);
    stop(child);
    logs.expect(&["new", "other"]);
}
