//! Tests that run as separate processes.

use std::{
    env,
    process::{Command, Output, Stdio},
};

use logtide_client::ClientOptions;
use logtide_devserver::DevServer;

/// The DSN for the program. Without it, the test of the program does nothing.
const DSN: &str = "LOGTIDE_TESTS_PROGRAM_DSN";

/// Returns a command that runs only this test of the calling binary, given by its full name, and sends to that server.
///
/// # Panics
///
/// If the binary does not know its own path.
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

/// Runs a program until it and all its forks have ended.
///
/// # Panics
///
/// If it fails, or is not a test of the binary.
pub fn run(program: &mut Command) -> Output {
    let output = program.output().expect("the program runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{stdout}{stderr}", output.status);
    assert!(stdout.contains("running 1 test"), "{stdout}");
    output
}

/// Returns the options of a program, or `None` if the test runs with all others and should do nothing.
///
/// # Panics
///
/// If the address is invalid.
#[must_use]
pub fn options() -> Option<ClientOptions> {
    let dsn = env::var(DSN).ok()?;
    Some(ClientOptions::from_dsn(&dsn).expect("the DSN works"))
}
