//! rustdoc's JSON on a stable toolchain.

use std::{
    env,
    path::PathBuf,
    process::{Command, ExitCode},
};

use crate::{
    Result,
    cargo::{cargo, root, show},
};

/// Set in a process of xtask that replaces rustdoc.
pub(crate) const AS_RUSTDOC: &str = "XTASK_AS_RUSTDOC";

/// JSON output needs the flags of a nightly toolchain.
const FLAGS: &str = "-Z unstable-options --output-format json";

/// Runs rustdoc for these libraries with all their features, and returns the folder with one file for each.
///
/// # Errors
///
/// If a library has no documentation.
pub(super) fn describe(names: &[&str]) -> Result<PathBuf> {
    let packages = names.iter().flat_map(|name| ["-p", name]);
    let mut command =
        cargo(["doc", "--quiet", "--no-deps", "--lib", "--all-features"].into_iter().chain(packages));
    // Cargo passes RUSTC_BOOTSTRAP to build scripts too, which would then build the dependencies differently.
    command.env("RUSTDOC", env::current_exe()?).env(AS_RUSTDOC, "1").env("RUSTDOCFLAGS", FLAGS);
    show(command)?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(root().join(target).join("doc"))
}

/// Runs rustdoc with these arguments, and allows nightly flags.
pub(crate) fn stand_in(arguments: &[String]) -> ExitCode {
    let status = Command::new("rustdoc").args(arguments).env("RUSTC_BOOTSTRAP", "1").status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
