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

/// The size of one read in bytes: the capacity of a pipe.
const CHUNK: usize = 64 * 1024;

/// How long the input must be silent to count as ended after a signal. A program that gets the same signal may still write.
const SILENCE: Duration = Duration::from_millis(200);

/// The longest time that input is read after a signal.
const MAX_DRAIN: Duration = Duration::from_secs(1);

/// Reads standard input to its end, or until the command is asked to end. Copies it to standard output if `tee` is set.
pub(super) fn read(input: &mut Input<'_>, stop: &Stop, tee: bool) -> io::Result<()> {
    let mut reader = standard_input()?;
    let mut tee = if tee { Some(standard_output()?) } else { None };
    let mut chunk = vec![0; CHUNK];
    let mut stopped: Option<Instant> = None;
    loop {
        let now = Instant::now();
        if let Some(stopped) = stopped {
            if stopped.elapsed() >= MAX_DRAIN || !Stop::wait_for_rest(&reader, SILENCE)? {
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
            // Nobody reads the copy. The input is sent anyway.
            tee = None;
        }
        input.feed(bytes, Instant::now());
    }
    input.finish(Instant::now());
    Ok(())
}

/// Returns standard input without a buffer, so that nothing is read and then not passed on.
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
