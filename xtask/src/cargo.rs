//! Calling `cargo` in the root of the repository.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

use crate::Result;

/// Returns the root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// Returns a `cargo` command with these arguments.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    // `cargo run` sets these for xtask. Build scripts, such as ring's, run again if they differ from those of a `cargo build` in
    // the shell.
    for (name, _) in env::vars_os() {
        let described = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name.starts_with("CARGO_BIN_")
        });
        if described {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the command and shows its output.
///
/// # Errors
///
/// If the command cannot be started, or its exit status is not 0.
pub(crate) fn show(mut command: Command) -> Result<()> {
    println!("$ {}", line(&command));
    let status = command.status().map_err(|error| format!("`{}` did not start: {error}", line(&command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", line(&command)).into()) }
}

/// Runs the command and returns its output.
///
/// # Errors
///
/// If the command cannot be started, or its exit status is not 0. The error then contains its standard error.
pub(crate) fn capture(mut command: Command) -> Result<String> {
    let output = command.output().map_err(|error| format!("`{}` did not start: {error}", line(&command)))?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        let complaint = String::from_utf8_lossy(&output.stderr);
        Err(format!("`{}` failed ({}): {}", line(&command), output.status, complaint.trim_end()).into())
    }
}

/// Whether `cargo NAME` is installed.
pub(crate) fn is_installed(subcommand: &str) -> bool {
    let mut probe = cargo([subcommand, "--version"]);
    probe.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn line(command: &Command) -> String {
    let mut line = String::from("cargo");
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}
