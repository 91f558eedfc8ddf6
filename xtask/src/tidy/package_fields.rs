//! What the package registry shows of a package.

use super::package::Package;

pub(super) fn check(packages: &[Package]) -> Vec<String> {
    let mut violations = Vec::new();
    for package in packages.iter().filter(|package| package.publishable) {
        for (field, value) in [("description", &package.description), ("license", &package.license)] {
            if value.as_ref().is_none_or(|value| value.trim().is_empty()) {
                violations.push(format!("{}: Cargo.toml has no `{field}`", package.name));
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(publishable: bool, description: &str) -> Package {
        Package {
            name: "a".to_owned(),
            publishable,
            description: Some(description.to_owned()),
            license: Some("MIT".to_owned()),
            ..Package::default()
        }
    }

    #[test]
    fn a_publishable_package_needs_both_fields() {
        assert!(check(&[package(true, "An a.")]).is_empty());
        assert_eq!(check(&[package(true, " ")]), ["a: Cargo.toml has no `description`"]);
        let unlicensed = Package { license: None, ..package(true, "An a.") };
        assert_eq!(check(&[unlicensed]), ["a: Cargo.toml has no `license`"]);
    }

    #[test]
    fn an_unpublished_package_needs_none() {
        assert!(check(&[package(false, "")]).is_empty());
    }
}
