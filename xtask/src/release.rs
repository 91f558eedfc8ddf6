//! `cargo xtask release`: the checklist before a release, and the steps to do by hand.
//!
//! It publishes nothing.

mod by_hand;
mod changelog;
mod packages;
mod targets;

use std::process::Command;

use crate::{
    Result, api,
    cargo::root,
    package::{Package, order},
    repository::Repository,
    steps::Outcome,
    test, tidy,
};

/// The result of an item.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The item passes.
    Good(String),
    /// The item fails, and has to be fixed before the release.
    Bad(String),
    /// The item could not be checked on this machine.
    NotChecked(String),
}

/// An item of the checklist.
struct Item {
    name: String,
    check: Box<dyn FnOnce() -> Result<Verdict>>,
}

impl Item {
    fn new(name: impl Into<String>, check: impl FnOnce() -> Result<Verdict> + 'static) -> Self {
        Self { name: name.into(), check: Box::new(check) }
    }

    /// Creates an item from a step of `cargo xtask test`.
    fn step(name: &str, action: fn() -> Result<Outcome>) -> Self {
        Self::new(name, move || {
            Ok(match action()? {
                Outcome::Passed => Verdict::Good(String::new()),
                Outcome::Skipped(reason) => Verdict::NotChecked(reason.to_owned()),
            })
        })
    }
}

/// Checks each item and prints the results. Without `--dry-run`, prints the steps to do by hand.
///
/// # Errors
///
/// If an argument is unknown, or an item fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let packages = Package::read_published()?;
    let version = packages.first().map(|package| package.version.clone()).ok_or("no package is published")?;
    let ordered = order(&packages)?;
    match arguments {
        [] => {
            print!("{}", by_hand::steps(&version, &ordered));
            Ok(())
        }
        [dry] if dry == "--dry-run" => check(items(&version, &packages)?),
        _ => Err("`cargo xtask release` takes only --dry-run".into()),
    }
}

fn items(version: &str, packages: &[Package]) -> Result<Vec<Item>> {
    let repository = Repository::read()?;
    let changelog = repository.file("CHANGELOG.md").map(|file| file.text.clone()).unwrap_or_default();
    let (release, names) = (version.to_owned(), packages::names(packages));
    let versions = packages::versions(version, packages);
    let sequence: Vec<&str> = order(packages)?.into_iter().map(|package| package.name.as_str()).collect();
    let sequence = sequence.join(", ");
    let mut items = vec![
        Item::new("the tree is clean", clean_tree),
        Item::new("CHANGELOG.md", move || Ok(changelog::check(&changelog, &release))),
        Item::new("versions agree", move || Ok(versions)),
        Item::new("order of publication", move || Ok(Verdict::Good(sequence))),
        Item::step("rules of the repository", || tidy::run().map(|()| Outcome::Passed)),
        Item::step("dependencies", test::deny),
        Item::step("public interfaces", api::step),
        Item::step("documentation", test::docs),
        Item::new("packages", move || packages::pack(&names)),
    ];
    items.extend(
        targets::TARGETS
            .iter()
            .map(|target| Item::new(format!("target {target}"), || targets::check(target))),
    );
    Ok(items)
}

fn check(items: Vec<Item>) -> Result<()> {
    let mut results = Vec::new();
    for item in items {
        println!("==> {}", item.name);
        let verdict = (item.check)().unwrap_or_else(|error| Verdict::Bad(error.to_string()));
        results.push((item.name, verdict));
    }
    println!("\nRelease checklist\n");
    print!("{}", report(&results));
    println!("{}", by_hand::UNCHECKED);
    match results.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Bad(_))).count() {
        0 => Ok(()),
        1 => Err("one item of the checklist is not as it has to be".into()),
        count => Err(format!("{count} items of the checklist are not as they have to be").into()),
    }
}

/// Formats one line for each item.
fn report(results: &[(String, Verdict)]) -> String {
    let line = |(name, verdict): &(String, Verdict)| {
        let (mark, note) = match verdict {
            Verdict::Good(note) => ("ok         ", note),
            Verdict::Bad(note) => ("bad        ", note),
            Verdict::NotChecked(note) => ("not checked", note),
        };
        let colon = if note.is_empty() { "" } else { ": " };
        // The first line is a summary. The others were printed by the check.
        format!("  {mark} {name}{colon}{}\n", note.lines().next().unwrap_or_default())
    };
    results.iter().map(line).collect()
}

fn clean_tree() -> Result<Verdict> {
    let output = Command::new("git").args(["status", "--porcelain"]).current_dir(root()).output()?;
    if !output.status.success() {
        return Ok(Verdict::NotChecked("this is no repository of git".to_owned()));
    }
    let changed = String::from_utf8_lossy(&output.stdout).lines().count();
    Ok(match changed {
        0 => Verdict::Good(String::new()),
        _ => Verdict::Bad(format!("{changed} files differ from the commit: commit or remove them")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_told_and_one_bad_item_fails_the_list() {
        let good = || Item::new("good", || Ok(Verdict::Good("0.1.0".to_owned())));
        assert!(check(vec![good()]).is_ok());
        assert!(
            check(vec![good(), Item::new("off", || Ok(Verdict::NotChecked("no tool".to_owned())))]).is_ok()
        );
        assert!(check(vec![Item::new("bad", || Err("gone".into())), good()]).is_err());
        let results = [
            ("good".to_owned(), Verdict::Good(String::new())),
            ("bad".to_owned(), Verdict::Bad("a\nb".to_owned())),
        ];
        assert_eq!(report(&results), "  ok          good\n  bad         bad: a\n");
    }
}
