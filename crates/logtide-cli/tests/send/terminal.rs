//! The progress line.

use std::{fs::File, io::Read as _, process::Stdio, time::Duration};

use logtide_devserver::{DevServer, Fault};
use nix::pty::openpty;

use super::run::{Running, command};

/// Returns what a terminal shows as standard error while lines are sent.
fn shown(arguments: &[&str]) -> String {
    let server = DevServer::start().expect("it starts");
    server.chaos(Fault::Slow(Duration::from_millis(300))).always();
    let terminal = openpty(None, None).expect("there is one");
    let mut command = command(&server, arguments);
    let mut child = Running::start(command.stderr(Stdio::from(terminal.slave)));
    // The command holds the terminal open.
    drop(command);
    let mut stdin = child.stdin();
    std::io::Write::write_all(&mut stdin, &b"line\n".repeat(2_500)).expect("it reads");
    drop(stdin);
    let reader = std::thread::spawn(move || {
        let (mut text, mut chunk, mut master) = (Vec::new(), [0; 4_096], File::from(terminal.master));
        // Linux returns EIO if the other end is closed.
        while let Ok(length @ 1..) = master.read(&mut chunk) {
            text.extend_from_slice(&chunk[..length]);
        }
        String::from_utf8_lossy(&text).into_owned()
    });
    assert!(child.end().status.success());
    reader.join().expect("it reads")
}

#[test]
fn a_terminal_shows_progress_and_is_left_with_the_summary_alone() {
    let shown = shown(&[]);
    assert!(shown.contains(" sent, ") && shown.contains(" waiting"), "{shown:?}");
    let last = shown.rsplit("\r\x1b[K").next().expect("there is one");
    assert!(last.starts_with("logtide: 2,500 entries delivered") && last.ends_with("\r\n"), "{shown:?}");
}

#[test]
fn a_quiet_command_shows_nothing() {
    assert_eq!(shown(&["--quiet"]), "");
}
