//! A server that is down.

use std::{fs, io::Write as _, time::Duration};

use logtide_devserver::{DevServer, Fault};
use nix::sys::signal::Signal;

use super::run::{LONG, Running, command, command_at, eventually, messages, run, success};

fn expected(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("line {number}")).collect()
}

#[test]
fn reading_pauses_while_the_server_is_away_and_nothing_is_lost() {
    let server = DevServer::start().expect("it starts");
    let (address, key) = (server.address(), server.api_key().to_owned());
    let url = server.url().to_owned();
    drop(server);
    let lines = expected(60_000);
    let input = lines.join("\n");
    let mut child = Running::start(&mut command_at(&url, &key, &["--no-join"]));
    let mut stdin = child.stdin();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).expect("it reads"));
    // More than may wait and than a pipe holds, so that the writer blocks too.
    std::thread::sleep(Duration::from_secs(1));
    assert!(!writer.is_finished(), "reading goes on without a server");
    let server = DevServer::builder()
        .address(address)
        .api_key(key, logtide_devserver::KeyKind::Full)
        .start()
        .expect("it starts");
    let said = success(&child.end());
    writer.join().expect("it writes");
    assert!(said.contains("60,000 entries delivered"), "{said}");
    assert_eq!(messages(&server), lines);
}

#[test]
fn a_short_failure_of_the_server_is_not_even_told() {
    let server = DevServer::start().expect("it starts");
    server.chaos(Fault::Status(503)).next(2);
    let said = success(&run(&mut command(&server, &[]), b"one\ntwo\n"));
    assert!(said.starts_with("logtide: 2 entries delivered") && said.lines().count() == 1, "{said}");
}

#[test]
fn the_spool_keeps_entries_over_a_kill_and_the_next_run_sends_them() {
    let server = DevServer::start().expect("it starts");
    let folder = tempfile::tempdir().expect("there is room");
    let spool = folder.path().join("spool");
    let spool_text = spool.to_string_lossy().into_owned();
    server.chaos(Fault::Status(503)).always();
    let mut child = Running::start(&mut command(&server, &["--no-join", "--spool", &spool_text]));
    let mut stdin = child.stdin();
    let lines = expected(3_000);
    stdin.write_all(format!("{}\n", lines.join("\n")).as_bytes()).expect("it reads");
    eventually("everything is written", || text_in(&spool).contains("line 2999"));
    child.signal(Signal::SIGKILL);
    assert!(!child.end().status.success());
    server.clear_chaos();
    let said = success(&run(&mut command(&server, &["after", "--spool", &spool_text]), b""));
    assert_eq!(said, "");
    assert!(server.wait_for_stored(3_001, LONG));
    let mut found = messages(&server);
    found.retain(|message| message != "after");
    assert_eq!(found, lines);
}

#[test]
fn what_the_spool_keeps_at_the_end_is_told() {
    let server = DevServer::start().expect("it starts");
    let folder = tempfile::tempdir().expect("there is room");
    let spool = folder.path().to_string_lossy().into_owned();
    server.chaos(Fault::Status(503)).always();
    let arguments = ["--spool", &*spool, "--give-up-after", "0.2", "--shutdown-timeout", "1"];
    let said = success(&run(&mut command(&server, &arguments), b"one\ntwo\n"));
    assert!(said.contains("2 entries kept in the spool"), "{said}");
    server.clear_chaos();
    let said = success(&run(&mut command(&server, &["--spool", &spool]), b"three\n"));
    assert!(
        said.contains("1 entry delivered") && said.contains("2 entries of an earlier run delivered"),
        "{said}"
    );
    let mut found = messages(&server);
    found.sort();
    assert_eq!(found, ["one", "three", "two"]);
}

/// Returns the contents of all complete files of a spool.
fn text_in(folder: &std::path::Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            text += &text_in(&path);
        } else if path.extension().is_some_and(|extension| extension == "spool")
            && let Ok(bytes) = fs::read(&path)
        {
            text += &String::from_utf8_lossy(&bytes);
        }
    }
    text
}
