//! How the command ends, and what it prints.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use logtide_devserver::{DevServer, Fault};

use super::run::{Running, command, command_at, ended, run, success};

#[test]
fn a_wrong_key_ends_it_in_one_sentence() {
    let server = DevServer::start().expect("it starts");
    let said = ended(&run(&mut command_at(server.url(), "lp_wrong", &[]), b"one\ntwo\n"), 3);
    assert!(
        said.starts_with("logtide: the server rejects the key") && said.contains("2 entries NOT delivered"),
        "{said}"
    );
    assert!(said.lines().count() == 1 && !said.contains("lp_wrong"), "{said}");
}

#[test]
fn a_wrong_key_ends_it_at_once_also_while_reading_waits_for_room() {
    let server = DevServer::start().expect("it starts");
    let lines = "a line\n".repeat(60_000);
    let began = Instant::now();
    let said = ended(
        &run(&mut command_at(server.url(), "lp_wrong", &["--shutdown-timeout", "120"]), lines.as_bytes()),
        3,
    );
    assert!(said.starts_with("logtide: the server rejects the key"), "{said}");
    assert!(began.elapsed() < Duration::from_secs(45), "{:?}", began.elapsed());
}

#[test]
fn an_address_that_cannot_be_used_ends_it_as_it_ends_other_commands() {
    let said = ended(&run(&mut command_at("ftp://logs.example", "lp_key", &["m"]), b""), 3);
    assert!(said.contains("http://") && !said.contains("lp_key"), "{said}");
}

#[test]
fn a_server_that_cannot_be_reached_ends_it_in_one_sentence() {
    let gone = DevServer::start().expect("it starts").url().to_owned();
    let mut command =
        command_at(&gone, "lp_key", &["deploy done", "--give-up-after", "0.5", "--shutdown-timeout", "0.5"]);
    let said = ended(&run(&mut command, b""), 4);
    assert!(
        said.starts_with("logtide: the server cannot be reached") && said.contains("1 entry NOT delivered"),
        "{said}"
    );
}

#[test]
fn entries_that_the_server_refuses_are_counted() {
    let server = DevServer::start().expect("it starts");
    server.chaos(Fault::RejectMessage("bad".to_owned())).always();
    let said = ended(&run(&mut command(&server, &[]), b"good\nbad\nfine\n"), 1);
    assert!(
        said.contains("2 entries delivered")
            && said.contains("1 entry NOT delivered (1: the server rejects them)"),
        "{said}"
    );
}

#[test]
fn nobody_who_reads_the_copy_ends_no_delivery() {
    let server = DevServer::start().expect("it starts");
    let mut child = Running::start(command(&server, &["--tee"]).stdout(Stdio::piped()));
    child.close_stdout();
    let mut stdin = child.stdin();
    for number in 0..1_000 {
        use std::io::Write as _;
        writeln!(stdin, "line {number}").expect("it reads");
    }
    drop(stdin);
    success(&child.end());
    assert_eq!(server.stored_count(), 1_000);
}

#[test]
fn an_empty_input_is_no_failure() {
    let server = DevServer::start().expect("it starts");
    let said = success(&run(&mut command(&server, &[]), b"\n \n"));
    assert!(said.contains("0 entries delivered"), "{said}");
    assert_eq!(success(&run(&mut command(&server, &["--quiet"]), b"one\n")), "");
}

#[test]
fn a_wrong_command_line_is_told_before_anything_is_sent() {
    let server = DevServer::start().expect("it starts");
    for arguments in [
        &["m", "--level", "loud"][..],
        &["m", "--meta", "novalue"],
        &["m", "--tee"],
        &["--file", "/nonexistent/file.log"],
        &["--zone", "CET"],
        &["--max-line", "5"],
    ] {
        let said = ended(&run(&mut command(&server, arguments), b"line\n"), 2);
        assert!(!said.is_empty());
    }
    assert_eq!(server.stored_count(), 0);
}
