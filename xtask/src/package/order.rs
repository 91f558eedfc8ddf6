//! The order in which packages can be published.

use std::collections::BTreeSet;

use super::Package;
use crate::Result;

/// Returns the packages, each after the packages that must be published before it.
///
/// # Errors
///
/// If packages depend on each other in a cycle. The error names them.
pub(crate) fn order(packages: &[Package]) -> Result<Vec<&Package>> {
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut published = BTreeSet::new();
    let mut ordered = Vec::new();
    while ordered.len() < packages.len() {
        let is_ready = |package: &&Package| {
            !published.contains(package.name.as_str())
                && package.requirements.iter().all(|(name, _)| {
                    *name == package.name
                        || !ours.contains(name.as_str())
                        || published.contains(name.as_str())
                })
        };
        let Some(next) = packages.iter().find(is_ready) else {
            let waiting: Vec<&str> = ours.into_iter().filter(|name| !published.contains(name)).collect();
            return Err(format!(
                "{} wait for each other: leave the version out of a dev-dependency, so that it is a path alone",
                waiting.join(", ")
            )
            .into());
        };
        published.insert(next.name.as_str());
        ordered.push(next);
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, requirements: &[&str]) -> Package {
        let requirements =
            requirements.iter().map(|name| ((*name).to_owned(), "^0.1.0".to_owned())).collect();
        Package { name: name.to_owned(), requirements, ..Package::default() }
    }

    #[test]
    fn a_package_comes_after_what_it_requires() {
        let packages = [
            package("facade", &["client", "core"]),
            package("client", &["core", "serde"]),
            package("core", &["serde"]),
        ];
        let names: Vec<&str> =
            order(&packages).unwrap().iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["core", "client", "facade"]);
    }

    #[test]
    fn packages_that_wait_for_each_other_are_named() {
        let packages = [package("a", &["b"]), package("b", &["a"]), package("c", &[])];
        let error = order(&packages).unwrap_err().to_string();
        assert!(error.starts_with("a, b wait for each other"), "{error}");
    }

    #[test]
    fn the_packages_of_the_repository_can_be_published() {
        let packages = Package::read_published().unwrap();
        assert_eq!(order(&packages).unwrap().len(), packages.len());
    }
}
