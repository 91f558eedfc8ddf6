//! SIGINT and SIGTERM.

use std::{
    io::{Read as _, Write as _},
    time::Duration,
};

use logtide_devserver::{DevServer, Fault};
use nix::sys::signal::Signal;

use super::run::{LONG, Running, command, ended, eventually, messages, success};

#[test]
fn a_signal_in_the_middle_of_a_pipe_loses_nothing_that_was_read() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let server = DevServer::start().expect("it starts");
        server.chaos(Fault::Slow(Duration::from_millis(20))).always();
        let mut child = Running::start(&mut command(&server, &["--no-join", "--tee"]));
        let mut stdin = child.stdin();
        let writer = std::thread::spawn(move || {
            let mut written = 0_u64;
            while writeln!(stdin, "line {written}").is_ok() {
                written += 1;
            }
        });
        assert!(server.wait_for_stored(1_000, LONG));
        child.signal(signal);
        let output = child.end();
        writer.join().expect("it writes");
        success(&output);
        // Everything that was read was also copied.
        let read = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        let messages = messages(&server);
        let whole = output.stdout.last() == Some(&b'\n');
        assert_eq!(messages.len(), read + usize::from(!whole));
        for (number, message) in messages[..read].iter().enumerate() {
            assert_eq!(*message, format!("line {number}"));
        }
    }
}

#[test]
fn the_last_words_of_the_program_are_read_after_a_signal() {
    let server = DevServer::start().expect("it starts");
    let mut child = Running::start(&mut command(&server, &[]));
    let mut stdin = child.stdin();
    writeln!(stdin, "first").expect("it reads");
    assert!(server.wait_for_stored(1, LONG));
    child.signal(Signal::SIGINT);
    writeln!(stdin, "last").expect("it reads");
    drop(stdin);
    success(&child.end());
    assert_eq!(messages(&server), ["first", "last"]);
}

#[test]
fn a_signal_while_the_server_is_away_ends_in_time_and_counts_what_is_not_delivered() {
    let server = DevServer::start().expect("it starts");
    server.chaos(Fault::Status(503)).always();
    let mut child = Running::start(&mut command(&server, &["--no-join", "--tee", "--shutdown-timeout", "1"]));
    let mut stdin = child.stdin();
    let writer = std::thread::spawn(move || {
        for number in 0..50_000 {
            if writeln!(stdin, "line {number}").is_err() {
                break;
            }
        }
    });
    assert!(server.wait_for_requests(1, LONG));
    child.signal(Signal::SIGTERM);
    let output = child.end();
    writer.join().expect("it writes");
    let read = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    let said = ended(&output, 4).replace(',', "");
    assert!(said.contains(&format!("{read} entries NOT delivered")), "{read}: {said}");
}

#[test]
fn a_second_signal_ends_at_once() {
    let server = DevServer::start().expect("it starts");
    server.chaos(Fault::Hang).always();
    let mut child = Running::start(&mut command(&server, &["--shutdown-timeout", "3600", "--tee"]));
    let mut stdin = child.stdin();
    writeln!(stdin, "{}", "line\n".repeat(2_000)).expect("it reads");
    // Once something is copied, the command handles signals.
    let mut stdout = child.stdout();
    stdout.read_exact(&mut [0; 5]).expect("it is copied");
    // Two signals in quick succession may count as one.
    eventually("it ends", || {
        child.signal(Signal::SIGINT);
        child.has_ended()
    });
    ended(&child.end(), 130);
    drop(stdin);
}
