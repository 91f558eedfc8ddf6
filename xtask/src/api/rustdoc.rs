//! JSON of rustdoc, on a stable toolchain.

use std::{
    env,
    path::PathBuf,
    process::{Command, ExitCode},
};

use crate::{
    Result,
    cargo::{cargo, root, show},
};

/// Set in a process of xtask that stands in for rustdoc.
pub(crate) const AS_RUSTDOC: &str = "XTASK_AS_RUSTDOC";

/// The flag that asks for JSON is one of nightly toolchains.
const FLAGS: &str = "-Z unstable-options --output-format json";

/// Has rustdoc describe these libraries with all their features, and returns the folder with a file for each.
///
/// # Errors
///
/// When a library has no documentation.
pub(super) fn describe(names: &[&str]) -> Result<PathBuf> {
    let packages = names.iter().flat_map(|name| ["-p", name]);
    let mut command =
        cargo(["doc", "--quiet", "--no-deps", "--lib", "--all-features"].into_iter().chain(packages));
    // Cargo gives RUSTC_BOOTSTRAP to build scripts too, which would then build the dependencies in another way.
    command.env("RUSTDOC", env::current_exe()?).env(AS_RUSTDOC, "1").env("RUSTDOCFLAGS", FLAGS);
    show(command)?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(root().join(target).join("doc"))
}

/// Runs rustdoc with these arguments, and lets it take the flags of nightly toolchains.
pub(crate) fn stand_in(arguments: &[String]) -> ExitCode {
    let status = Command::new("rustdoc").args(arguments).env("RUSTC_BOOTSTRAP", "1").status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
