//! Questions on a terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::failure::Failure;

/// Asks for a missing value. `instead` names the way to pass it without a terminal.
pub(super) fn visibly(question: &str, instead: &str) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        let question = question.trim_end_matches([':', ' ']).to_lowercase();
        return Err(Failure::new(
            Failure::USAGE,
            format_args!("no {question} was given, and there is no terminal to ask for it: set {instead}"),
        ));
    }
    let unreadable =
        |error: io::Error| Failure::new(Failure::USAGE, format_args!("cannot read the answer: {error}"));
    let _ = write!(io::stderr(), "{question}");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(unreadable)?;
    match answer.trim() {
        "" => Err(Failure::new(Failure::USAGE, "nothing was entered: run the command again")),
        answer => Ok(answer.to_owned()),
    }
}

/// Asks for a secret value, without showing what is entered.
pub(super) fn hidden(question: &str, instead: &str) -> Result<String, Failure> {
    let _echo = echo::Off::new();
    let answer = visibly(question, instead);
    if io::stdin().is_terminal() {
        // The line break that the user entered is hidden, too.
        let _ = writeln!(io::stderr());
    }
    answer
}

#[cfg(unix)]
mod echo {
    use std::{
        io::{self, Read as _},
        thread,
    };

    use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
        low_level::{emulate_default_handler, pipe},
    };

    /// Hides what is entered on the terminal until it is dropped.
    pub(super) struct Off(Option<Termios>);

    impl Off {
        pub(super) fn new() -> Self {
            let Ok(before) = tcgetattr(io::stdin()) else { return Self(None) };
            for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
                // Without it the signal ends the command all the same.
                let _ = restore_at(signal, &before);
            }
            let mut hidden = before.clone();
            hidden.local_flags.remove(LocalFlags::ECHO);
            Self(tcsetattr(io::stdin(), SetArg::TCSANOW, &hidden).ok().map(|()| before))
        }
    }

    impl Drop for Off {
        fn drop(&mut self) {
            if let Some(before) = &self.0 {
                let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, before);
            }
        }
    }

    /// Has a signal restore the terminal before it ends the command: the shell behind it would show nothing that is entered.
    fn restore_at(signal: i32, before: &Termios) -> io::Result<()> {
        let (mut wake, waker) = io::pipe()?;
        let before = before.clone();
        thread::Builder::new().name("logtide-signals".to_owned()).spawn(move || {
            if wake.read_exact(&mut [0]).is_ok() {
                let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &before);
                let _ = emulate_default_handler(signal);
            }
        })?;
        pipe::register(signal, waker).map(drop)
    }
}

#[cfg(not(unix))]
mod echo {
    /// On this system the input is visible.
    pub(super) struct Off;

    impl Off {
        pub(super) fn new() -> Self {
            Self
        }
    }
}
