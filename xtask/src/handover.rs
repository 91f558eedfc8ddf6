//! `cargo xtask handover`: checks the handover from a log call to the worker in many thread schedules.

use std::{env, time::Instant};

use crate::{
    Result,
    cargo::{cargo, show},
};

/// The number of schedules for each check, by each of two schedulers. Checks of rare schedules use five times as many.
const RUNS: u32 = 1_000;

/// Builds the client with the types of a model checker, in a separate target folder. Runs the checks of
/// `crates/logtide-client/src/handover`: all, or those whose path below it begins with the given name.
///
/// # Errors
///
/// If an argument is invalid, the client does not build, or a check fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (mut runs, mut name) = (RUNS, "handover::".to_owned());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--runs" {
            let number = arguments.next().ok_or("`--runs` needs a number")?;
            runs = number.parse().map_err(|_| format!("`--runs {number}` is no number"))?;
        } else if argument.starts_with('-') {
            return Err(format!("no option `{argument}`: there is `--runs NUMBER`").into());
        } else {
            // The client's other tests do not run under the checker.
            name = format!("handover::{argument}");
        }
    }
    let start = Instant::now();
    // Without TLS, which takes as long to build as everything else.
    let package =
        ["test", "--package", "logtide-client", "--lib", "--no-default-features", "--features", "spool"];
    let mut command = cargo(package.into_iter().chain(["--target-dir", "target/handover", &name]));
    let flags = env::var("RUSTFLAGS").unwrap_or_default();
    command.env("RUSTFLAGS", format!("{flags} --cfg shuttle").trim_start());
    command.env("HANDOVER_RUNS", runs.to_string());
    command.env("CARGO_PROFILE_TEST_OPT_LEVEL", "1");
    show(command)?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "every check held in {runs} random orders and {runs} by changing priorities; {seconds:.1} s in all"
    );
    Ok(())
}
