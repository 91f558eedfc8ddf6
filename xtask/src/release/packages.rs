//! The packages as they are uploaded to the registry.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use super::Verdict;
use crate::{
    Result,
    cargo::{cargo, root, show},
    package::Package,
};

/// The largest package that the registry accepts, in bytes.
const LARGEST: u64 = 10 * 1024 * 1024;

/// Returns the file names of packages, as `NAME-VERSION`.
pub(super) fn names(packages: &[Package]) -> Vec<(String, String)> {
    packages
        .iter()
        .map(|package| (package.name.clone(), format!("{}-{}", package.name, package.version)))
        .collect()
}

/// Checks that all packages have this version, and require it of each other.
pub(super) fn versions(version: &str, packages: &[Package]) -> Verdict {
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let wanted = format!("^{version}");
    for package in packages {
        if package.version != version {
            return Verdict::Bad(format!("{} has {}, others have {version}", package.name, package.version));
        }
        let own = package.requirements.iter().filter(|(name, _)| ours.contains(name.as_str()));
        if let Some((name, requirement)) = own.into_iter().find(|(_, requirement)| *requirement != wanted) {
            return Verdict::Bad(format!("{} asks for {name} {requirement}, not {wanted}", package.name));
        }
    }
    Verdict::Good(version.to_owned())
}

/// Packs all packages, builds each from its package alone, and reports their sizes.
pub(super) fn pack(names: &[(String, String)]) -> Result<Verdict> {
    let chosen = names.iter().flat_map(|(name, _)| ["-p", name]);
    // Uncommitted changes are an item of their own.
    show(cargo(["package", "--allow-dirty", "--quiet"].into_iter().chain(chosen)))?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut sizes = Vec::new();
    for (name, file) in names {
        let path = root().join(&target).join("package").join(format!("{file}.crate"));
        let bytes = fs::metadata(&path).map_err(|error| format!("{}: {error}", path.display()))?.len();
        if bytes > LARGEST {
            return Ok(Verdict::Bad(format!("{name} has {bytes} bytes; the registry takes {LARGEST}")));
        }
        sizes.push(format!("{name} {} KB", bytes.div_ceil(1_000)));
    }
    Ok(Verdict::Good(sizes.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_anywhere_is_found() {
        let package = |name: &str, version: &str, requirement: &str| Package {
            name: name.to_owned(),
            version: version.to_owned(),
            requirements: vec![
                ("a".to_owned(), requirement.to_owned()),
                ("serde".to_owned(), "^1.0".to_owned()),
            ],
            ..Package::default()
        };
        let a = || package("a", "0.2.0", "^0.2.0");
        assert_eq!(
            versions("0.2.0", &[a(), package("b", "0.2.0", "^0.2.0")]),
            Verdict::Good("0.2.0".to_owned())
        );
        assert!(matches!(versions("0.2.0", &[a(), package("b", "0.1.0", "^0.2.0")]), Verdict::Bad(_)));
        assert!(matches!(versions("0.2.0", &[a(), package("b", "0.2.0", "^0.1.0")]), Verdict::Bad(_)));
    }
}
