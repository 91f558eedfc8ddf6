//! `cargo xtask minimal-versions`: the lower bounds of the dependencies in Cargo.toml work.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Result,
    cargo::{cargo, root, show},
    repository::Repository,
};

/// The folder of a copy whose Cargo.lock has the lowest versions.
const FOLDER: &str = "target/minimal-versions";

/// Checks the facade with all its features, with the lowest allowed versions of its direct dependencies.
///
/// # Errors
///
/// If there is an argument, if no set of versions is compatible, or if the facade does not build.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        return Err("`cargo xtask minimal-versions` takes no arguments".into());
    }
    let copy = root().join(FOLDER);
    let source = copy.join("source");
    write_copy(&source)?;
    let manifest = source.join("Cargo.toml");
    let manifest = manifest.to_str().ok_or("the path of the repository is not Unicode")?;
    // This variable allows the nightly flag on any toolchain. Only this cargo command gets it, which builds nothing.
    let mut lock = cargo(["generate-lockfile", "-Z", "direct-minimal-versions", "--manifest-path", manifest]);
    lock.env("RUSTC_BOOTSTRAP", "1");
    show(lock)?;
    let mut check =
        cargo(["check", "-p", "logtide", "--all-features", "--locked", "--manifest-path", manifest]);
    check.env("CARGO_TARGET_DIR", copy.join("target"));
    show(check)
}

/// Copies the files of the repository to a folder, except for Cargo.lock.
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
