//! The files of each package other than its sources.

use crate::{package::Package, repository::Repository};

const LICENSE: &str = "LICENSE";

/// Without it, the documentation does not show which features an item needs.
const FEATURE_BADGES: &str = "#![cfg_attr(docsrs, feature(doc_cfg))]";

pub(super) fn check(repository: &Repository, packages: &[Package]) -> Vec<String> {
    let published = packages.iter().filter(|package| package.publishable);
    published.flat_map(|package| check_package(repository, package)).collect()
}

fn check_package(repository: &Repository, package: &Package) -> Vec<String> {
    let Package { name, folder, .. } = package;
    let text = |path: &str| repository.file(path).map(|file| file.text.as_str());
    let own = |file: &str| text(&format!("{folder}/{file}"));
    let mut violations = Vec::new();
    if own(LICENSE).is_none() || own(LICENSE) != text(LICENSE) {
        violations.push(format!("{folder}/{LICENSE}: it is not a copy of {LICENSE}"));
    }
    let readme = own("README.md").unwrap_or_default();
    if !readme.starts_with(&format!("# {name}\n")) || !readme.contains("\n## Licence\n") {
        violations
            .push(format!("{folder}/README.md: it does not begin with `# {name}`, or names no licence"));
    }
    if package.has_library && own("src/lib.rs").is_some_and(|source| !source.contains(FEATURE_BADGES)) {
        violations.push(format!("{folder}/src/lib.rs: `{FEATURE_BADGES}` is missing"));
    }
    let manifest = own("Cargo.toml").unwrap_or_default();
    if !manifest.contains("\ninclude = [") {
        violations.push(format!("{folder}/Cargo.toml: without `include`, tests go into the package"));
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(license: &str, readme: &str, source: &str, manifest: &str) -> Vec<String> {
        let package = Package {
            name: "a".to_owned(),
            folder: "crates/a".to_owned(),
            publishable: true,
            has_library: true,
            ..Package::default()
        };
        let repository = Repository::of(&[
            ("LICENSE", "MIT"),
            ("crates/a/LICENSE", license),
            ("crates/a/README.md", readme),
            ("crates/a/src/lib.rs", source),
            ("crates/a/Cargo.toml", manifest),
        ]);
        check(&repository, &[package])
    }

    #[test]
    fn each_file_is_needed() {
        let (readme, manifest) =
            ("# a\n\nAn a.\n\n## Licence\n\nMIT\n", "[package]\ninclude = [\"/src/**\"]\n");
        assert_eq!(violations("MIT", readme, FEATURE_BADGES, manifest), Vec::<String>::new());
        assert_eq!(violations("ISC", readme, FEATURE_BADGES, manifest).len(), 1);
        assert_eq!(violations("MIT", "# b\n", FEATURE_BADGES, manifest).len(), 1);
        assert_eq!(violations("MIT", readme, "//! An a.\n", manifest).len(), 1);
        assert_eq!(violations("MIT", readme, FEATURE_BADGES, "[package]\n").len(), 1);
    }
}
