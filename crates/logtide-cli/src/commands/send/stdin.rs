//! Standard input.

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    time::{Duration, Instant},
};

use super::{
    sink::Input,
    stop::{Ready, Stop},
};

/// Bytes that are read at once: what a pipe holds.
const CHUNK: usize = 64 * 1024;

/// How long the input must be silent for its end after a signal: a program that gets the same signal has last words.
const SILENCE: Duration = Duration::from_millis(200);

/// How long it is read at most after a signal.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Reads standard input to its end, or until the command is asked to end, and copies it to standard output where that is asked for.
pub(super) fn read(input: &mut Input<'_>, stop: &Stop, tee: bool) -> io::Result<()> {
    let mut reader = standard_input()?;
    let mut tee = if tee { Some(standard_output()?) } else { None };
    let mut chunk = vec![0; CHUNK];
    let mut stopped: Option<Instant> = None;
    loop {
        let now = Instant::now();
        if let Some(stopped) = stopped {
            if stopped.elapsed() >= LAST_WORDS || !Stop::wait_for_rest(&reader, SILENCE)? {
                break;
            }
        } else {
            match stop
                .wait(&reader, input.deadline().map(|deadline| deadline.saturating_duration_since(now)))?
            {
                Ready::Input => {}
                Ready::Timeout => {
                    input.pass_on_due(Instant::now());
                    continue;
                }
                Ready::Stop => {
                    stopped = Some(now);
                    continue;
                }
            }
        }
        let bytes = match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => &chunk[..length],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                input.finish(Instant::now());
                return Err(error);
            }
        };
        if let Some(output) = &mut tee
            && output.write_all(bytes).is_err()
        {
            // Nobody reads it any more; what comes is sent all the same.
            tee = None;
        }
        input.feed(bytes, Instant::now());
    }
    input.finish(Instant::now());
    Ok(())
}

/// Without a buffer, so that nothing is read that is not passed on.
#[cfg(unix)]
fn standard_input() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(unix)]
fn standard_output() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    io::stdout().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn standard_input() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    io::stdin().as_handle().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn standard_output() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    io::stdout().as_handle().try_clone_to_owned().map(File::from)
}
