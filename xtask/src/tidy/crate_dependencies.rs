//! The allowed dependencies between the crates of the workspace.

use crate::package::Package;

/// A crate, and the crates of the workspace that it may depend on.
const TABLE: [(&str, &[&str]); 15] = [
    ("logtide-core", &[]),
    ("logtide-transport", &["logtide-core"]),
    ("logtide-client", CLIENT),
    ("logtide-query", &["logtide-core", "logtide-transport"]),
    ("logtide-stream", &["logtide-core", "logtide-transport", "logtide-query"]),
    ("logtide", FACADE),
    ("logtide-tracing", INTEGRATION),
    ("logtide-log", INTEGRATION),
    ("logtide-middleware", INTEGRATION),
    ("logtide-tower", MIDDLEWARE),
    ("logtide-actix", MIDDLEWARE),
    ("logtide-rocket", MIDDLEWARE),
    ("logtide-otlp", &["logtide-core"]),
    ("logtide-devserver", &["logtide-core"]),
    ("logtide-cli", &["logtide", "logtide-client", "logtide-core", "logtide-devserver"]),
];

const CLIENT: &[&str] =
    &["logtide-core", "logtide-otlp", "logtide-query", "logtide-stream", "logtide-transport"];

const INTEGRATION: &[&str] = &["logtide-client", "logtide-core"];

const MIDDLEWARE: &[&str] = &["logtide-client", "logtide-core", "logtide-middleware"];

const FACADE: &[&str] = &[
    "logtide-core",
    "logtide-transport",
    "logtide-client",
    "logtide-query",
    "logtide-stream",
    "logtide-tracing",
    "logtide-log",
    "logtide-tower",
    "logtide-actix",
    "logtide-rocket",
    // Only with the feature `testing`.
    "logtide-devserver",
];

/// Unpublished packages of the workspace, which may use any other.
const UNPUBLISHED: [&str; 3] = ["logtide-examples", "logtide-tests", "xtask"];

pub(super) fn check(packages: &[Package]) -> Vec<String> {
    let mut violations = Vec::new();
    for package in packages.iter().filter(|package| !UNPUBLISHED.contains(&package.name.as_str())) {
        let Some((_, allowed)) = TABLE.iter().find(|(name, _)| *name == package.name) else {
            violations.push(format!("{}: not in the table of crates in xtask; add it there", package.name));
            continue;
        };
        for dependency in ours(package, packages) {
            if !allowed.contains(&dependency) {
                violations.push(format!("{} must not depend on {dependency}", package.name));
            }
        }
    }
    violations
}

fn ours<'a>(package: &'a Package, packages: &'a [Package]) -> impl Iterator<Item = &'a str> {
    let member = |name: &&str| packages.iter().any(|package| package.name == **name);
    package.dependencies.iter().map(String::as_str).filter(member)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[&str]) -> Package {
        let dependencies = dependencies.iter().map(ToString::to_string).collect();
        Package { name: name.to_owned(), dependencies, ..Package::default() }
    }

    #[test]
    fn allowed_directions_pass() {
        let packages =
            [package("logtide-core", &["serde"]), package("logtide-query", &["logtide-core", "http"])];
        assert!(check(&packages).is_empty());
    }

    #[test]
    fn a_dependency_against_the_table_is_found() {
        let packages = [package("logtide-client", &[]), package("logtide-query", &["logtide-client"])];
        assert_eq!(check(&packages), ["logtide-query must not depend on logtide-client"]);
    }

    #[test]
    fn a_crate_that_the_table_does_not_know_is_found() {
        assert_eq!(check(&[package("logtide-new", &[])]).len(), 1);
    }

    #[test]
    fn unpublished_packages_may_use_any() {
        assert!(
            check(&[package("logtide-core", &[]), package("logtide-tests", &["logtide-core"])]).is_empty()
        );
    }
}
