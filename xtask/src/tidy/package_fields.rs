//! The package fields that the registry and docs.rs show.

use crate::package::{FIELDS, Package};

/// The most keywords and categories that the registry accepts.
const MOST: usize = 5;

pub(super) fn check(packages: &[Package]) -> Vec<String> {
    packages.iter().filter(|package| package.publishable).flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<String> {
    let Package { name, .. } = package;
    let mut violations = Vec::new();
    for field in FIELDS {
        let value = package.fields.iter().find(|(name, _)| *name == field);
        if value.is_none_or(|(_, value)| value.trim().is_empty()) {
            violations.push(format!("{name}: Cargo.toml has no `{}`", field.replace('_', "-")));
        }
    }
    for (field, count) in [("keywords", package.keywords), ("categories", package.categories)] {
        if !(1..=MOST).contains(&count) {
            violations.push(format!("{name}: Cargo.toml has {count} `{field}`, not 1 to {MOST}"));
        }
    }
    if package.has_library && !package.documents_features {
        violations
            .push(format!("{name}: `package.metadata.docs.rs` does not set all features and `--cfg docsrs`"));
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package() -> Package {
        Package {
            name: "a".to_owned(),
            publishable: true,
            has_library: true,
            fields: FIELDS.iter().map(|field| (*field, "text".to_owned())).collect(),
            keywords: 5,
            categories: 1,
            documents_features: true,
            ..Package::default()
        }
    }

    #[test]
    fn a_published_package_needs_each_field() {
        assert_eq!(check(&[package()]), Vec::<String>::new());
        let mut blank = package();
        blank.fields[0].1 = " ".to_owned();
        assert_eq!(check(&[blank]), ["a: Cargo.toml has no `description`"]);
        let mut missing = package();
        missing.fields.retain(|(field, _)| *field != "rust_version");
        assert_eq!(check(&[missing]), ["a: Cargo.toml has no `rust-version`"]);
        assert_eq!(check(&[Package { keywords: 6, categories: 0, ..package() }]).len(), 2);
    }

    #[test]
    fn the_documentation_of_a_library_shows_its_features() {
        let undocumented = Package { documents_features: false, ..package() };
        assert_eq!(check(&[undocumented]).len(), 1);
        let program = Package { documents_features: false, has_library: false, ..package() };
        assert!(check(&[program]).is_empty());
    }

    #[test]
    fn an_unpublished_package_needs_none() {
        assert!(check(&[Package::default()]).is_empty());
    }
}
