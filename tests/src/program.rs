//! Programs: a test that runs as a process of its own.

use std::{
    env,
    process::{Command, Output, Stdio},
};

use logtide_client::ClientOptions;
use logtide_devserver::DevServer;

/// Where the program sends to, and that it is one: the test of its name does nothing without it.
const DSN: &str = "LOGTIDE_TESTS_PROGRAM_DSN";

/// A test of the calling binary, by its full name, which will run alone and send to that server.
///
/// # Panics
///
/// Where the binary does not know its own path.
#[must_use]
pub fn program(test: &str, server: &DevServer) -> Command {
    let key = server.api_key();
    let mut program = Command::new(env::current_exe().expect("the test knows its program"));
    program
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(DSN, server.url().replace("://", &format!("://{key}@")))
        .stdin(Stdio::null());
    program
}

/// Runs a program to its end, and to that of all that it forked off.
///
/// # Panics
///
/// Where it does not succeed, or is no test of the binary.
pub fn run(program: &mut Command) -> Output {
    let output = program.output().expect("the program runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{stdout}{stderr}", output.status);
    assert!(stdout.contains("running 1 test"), "{stdout}");
    output
}

/// The options of a program; `None` where the test runs with all others and is to do nothing.
///
/// # Panics
///
/// Where the address does not work.
#[must_use]
pub fn options() -> Option<ClientOptions> {
    let dsn = env::var(DSN).ok()?;
    Some(ClientOptions::from_dsn(&dsn).expect("the DSN works"))
}
