//! The command on a pseudo-terminal.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    os::{fd::OwnedFd, unix::process::ExitStatusExt as _},
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Instant,
};

use nix::{
    pty::{Winsize, openpty},
    sys::{
        signal::{Signal, kill},
        termios::{LocalFlags, tcgetattr},
    },
    unistd::Pid,
};
use tempfile::TempDir;

use crate::{
    running::wait,
    setup::{DAY, DEADLINE, Logtide},
    shown::{has_raw_control, hostile},
};

/// A command on its own terminal.
pub(crate) struct OnTerminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    shown: String,
    _home: TempDir,
}

impl OnTerminal {
    pub(crate) fn start(logtide: Logtide, columns: u16) -> Self {
        let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(Some(&size), None).expect("a pseudo-terminal can be had");
        let (mut command, home) = logtide.into_parts();
        let end = |slave: &OwnedFd| Stdio::from(slave.try_clone().expect("a descriptor"));
        command.env_remove("COLUMNS").stdin(end(&pty.slave)).stdout(end(&pty.slave)).stderr(end(&pty.slave));
        let child = command.spawn().expect("the command starts");
        // These copies are the last ones. Dropping them closes the terminal.
        drop((command, pty.slave));
        let keyboard = File::from(pty.master);
        let mut screen_end = keyboard.try_clone().expect("a descriptor");
        let (sender, screen) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4_096];
            while let Ok(read @ 1..) = screen_end.read(&mut buffer) {
                let _ = sender.send(buffer[..read].to_vec());
            }
        });
        Self { child, keyboard, screen, shown: String::new(), _home: home }
    }

    /// Waits until this text is shown.
    pub(crate) fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + DEADLINE;
        while !self.shown.contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            let bytes =
                self.screen.recv_timeout(left).unwrap_or_else(|_| panic!("no `{text}` in {}", self.shown));
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    pub(crate) fn enter(&mut self, text: &str) {
        self.keyboard.write_all(format!("{text}\n").as_bytes()).expect("the terminal takes it");
    }

    /// Whether the terminal shows what is entered.
    pub(crate) fn echoes(&self) -> bool {
        tcgetattr(&self.keyboard).expect("it is a terminal").local_flags.contains(LocalFlags::ECHO)
    }

    /// Ends the command with a signal, which it does not survive.
    pub(crate) fn kill(&mut self, signal: Signal) {
        let id = Pid::from_raw(self.child.id().try_into().expect("an id"));
        kill(id, signal).expect("the command runs");
        assert_eq!(wait(&mut self.child).signal(), Some(signal as i32));
    }

    /// Returns what was shown until the command ended, and its exit code.
    pub(crate) fn end(mut self) -> (String, i32) {
        while let Ok(bytes) = self.screen.recv_timeout(DEADLINE) {
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
        let code = wait(&mut self.child).code().expect("no signal ends it");
        // A terminal adds a carriage return to line breaks.
        (std::mem::take(&mut self.shown).replace("\r\n", "\n"), code)
    }
}

impl Drop for OnTerminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_terminal_has_colours_and_its_own_width() {
    let server = hostile();
    let command = |arguments: &str| Logtide::with(&server, &format!("{arguments} {DAY}"));
    let (shown, code) = OnTerminal::start(command("query"), 30).end();
    assert_eq!(code, 0);
    assert!(shown.contains("\x1b[31mERROR\x1b[0m"), "{shown:?}");
    let (plain, _) = OnTerminal::start(command("query").env("NO_COLOR", "1"), 30).end();
    assert!(!plain.contains('\x1b'), "{plain:?}");
    assert!(plain.lines().count() > 10 && plain.lines().all(|line| line.chars().count() <= 30), "{plain}");
}

#[test]
fn escape_sequences_of_entries_do_not_reach_a_terminal() {
    let server = hostile();
    for arguments in ["query", "query --output raw", "query --output json", "query --output logfmt", "stats"]
    {
        let command = Logtide::with(&server, &format!("{arguments} {DAY} --color never"));
        let (shown, code) = OnTerminal::start(command, 80).end();
        assert_eq!(code, 0, "{shown}");
        assert!(!has_raw_control(&shown), "{arguments}: {shown:?}");
    }
}
