//! `cargo xtask minimal-versions`: the lower bounds of the dependencies in Cargo.toml are true.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Result,
    cargo::{cargo, root, show},
    repository::Repository,
};

/// Where the copy is whose Cargo.lock has the lowest versions.
const FOLDER: &str = "target/minimal-versions";

/// Checks the facade with all its features, with the lowest versions of its direct dependencies that are allowed.
///
/// # Errors
///
/// When there is an argument, when no versions fit together, or the facade does not build with them.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        return Err("`cargo xtask minimal-versions` takes no arguments".into());
    }
    let copy = root().join(FOLDER);
    let source = copy.join("source");
    write_copy(&source)?;
    let manifest = source.join("Cargo.toml");
    let manifest = manifest.to_str().ok_or("the path of the repository is not Unicode")?;
    // The flag is one of nightly toolchains; this variable allows it on any. Only cargo gets it, which builds nothing here.
    let mut lock = cargo(["generate-lockfile", "-Z", "direct-minimal-versions", "--manifest-path", manifest]);
    lock.env("RUSTC_BOOTSTRAP", "1");
    show(lock)?;
    let mut check =
        cargo(["check", "-p", "logtide", "--all-features", "--locked", "--manifest-path", manifest]);
    check.env("CARGO_TARGET_DIR", copy.join("target"));
    show(check)
}

/// Writes the files of the repository there, but for Cargo.lock.
fn write_copy(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for file in Repository::read()?.files().filter(|file| file.path != "Cargo.lock") {
        let path: PathBuf = folder.join(&file.path);
        fs::create_dir_all(path.parent().ok_or("a file is in a folder")?)?;
        fs::write(path, &file.text)?;
    }
    Ok(())
}
