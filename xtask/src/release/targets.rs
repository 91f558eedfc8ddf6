//! Type checks for other targets, if the toolchain supports them.

use std::process::{Command, Stdio};

use super::Verdict;
use crate::{
    Result,
    cargo::{cargo, root, show},
};

/// The targets other than that of this machine.
pub(super) const TARGETS: [&str; 4] = [
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",
];

/// The checked features: all that need no C compiler for the target, so not TLS and most frameworks.
const FEATURES: &str = "axum,log,opentelemetry,otlp,spool,tracing";

/// Checks the facade for a target.
pub(super) fn check(target: &str) -> Result<Verdict> {
    if !has_std(target)? {
        return Ok(Verdict::NotChecked(format!("`rustup target add {target}` adds its standard library")));
    }
    show(cargo([
        "check",
        "-p",
        "logtide",
        "--no-default-features",
        "--features",
        FEATURES,
        "--target",
        target,
    ]))?;
    Ok(Verdict::Good("without TLS".to_owned()))
}

fn has_std(target: &str) -> Result<bool> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", target]).current_dir(root()).stderr(Stdio::null());
    let output = rustc.output()?;
    let folder = String::from_utf8(output.stdout)?;
    Ok(output.status.success() && std::path::Path::new(folder.trim()).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_nobody_knows_has_no_standard_library() {
        assert!(!has_std("pdp11-unknown-unix").unwrap());
    }
}
