//! `cargo xtask api`: compares the public interfaces of the published libraries with committed lists.
//!
//! rustdoc describes each library, with all its features, as JSON. Its public items become a list, one line each. A line that is
//! missing or has changed breaks programs. A new line is reported and passes. It can
//! break programs too: a variant of an exhaustive enum, a required method of a trait, or the first private field of a struct.

mod difference;
mod externals;
mod rustdoc;
mod surface;

use std::{collections::BTreeSet, fs, path::Path};

use crate::{Result, cargo::root, graph::Graph, package::Package, steps::Outcome};

use self::{difference::Difference, externals::Externals, surface::Surface};

pub(crate) use rustdoc::{AS_RUSTDOC, stand_in};

/// The folder of the lists, each as `NAME.txt`.
const FOLDER: &str = "tests/api";

/// Compares the named libraries, or all, with their lists. With `--update`, writes the lists.
///
/// # Errors
///
/// If a library does not exist or cannot be read, lacks a line of its list, or names an external crate that is not allowed.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (options, names): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|argument| argument.starts_with('-'));
    if let Some(unknown) = options.iter().find(|option| **option != "--update") {
        return Err(format!("no option `{unknown}`: there is --update").into());
    }
    match check(&names, !options.is_empty())? {
        Outcome::Passed => Ok(()),
        Outcome::Skipped(reason) => Err(reason.into()),
    }
}

/// Does the same as [`run`] for all libraries, as a step.
///
/// # Errors
///
/// The errors of [`run`].
pub(crate) fn step() -> Result<Outcome> {
    check(&[], false)
}

fn check(names: &[&str], update: bool) -> Result<Outcome> {
    let packages = Package::read_published()?;
    let libraries =
        packages.iter().filter(|package| package.has_library).map(|package| package.name.as_str());
    if let Some(unknown) = names.iter().find(|name| !libraries.clone().any(|library| library == **name)) {
        return Err(format!("no library `{unknown}` is published").into());
    }
    let names: Vec<&str> = libraries.filter(|name| names.is_empty() || names.contains(name)).collect();
    let folder = rustdoc::describe(&names)?;
    let Some(surfaces) = Surface::read_all(&folder, &names)? else {
        return Ok(Outcome::Skipped(
            "the JSON of this rustdoc is not that of Rust 1.95, which the version of `public-api` in Cargo.toml reads",
        ));
    };
    let mut complaints = Vec::new();
    for surface in &surfaces {
        let path = root().join(FOLDER).join(format!("{}.txt", surface.name));
        if update {
            write(&path, &surface.to_text())?;
        } else {
            complaints.extend(compare(surface, &path));
        }
    }
    let foreign = Graph::read()?;
    let allowed = fs::read_to_string(root().join(externals::LIST)).unwrap_or_default();
    let found = Externals::of(&surfaces, &foreign.crate_names());
    complaints.extend(found.complaints(&allowed));
    if update {
        println!("{FOLDER} is written");
    }
    if complaints.is_empty() {
        return Ok(Outcome::Passed);
    }
    Err(format!(
        "{}\nIf this is meant, `cargo xtask api --update` writes {FOLDER}, and the version and CHANGELOG.md have to say so",
        complaints.join("\n")
    )
    .into())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, text)?)
}

/// Prints new lines, and returns missing ones.
fn compare(surface: &Surface, path: &Path) -> Vec<String> {
    let Ok(committed) = fs::read_to_string(path) else {
        return vec![format!("{}: {FOLDER} has no list of it", surface.name)];
    };
    let committed: BTreeSet<&str> = committed.lines().collect();
    let difference = Difference::between(&committed, &surface.lines());
    for line in &difference.added {
        println!("new in {}: {line}", surface.name);
    }
    difference.removed.iter().map(|line| format!("gone from {}: {line}", surface.name)).collect()
}
