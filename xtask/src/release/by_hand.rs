//! The steps of a release that are done by hand.

use std::fmt::Write as _;

use crate::package::Package;

/// The checks that are not on the list, because they take long or need the network.
pub(super) const UNCHECKED: &str = "
Not part of this list: `cargo xtask ci` (all tests), `cargo xtask minimal-versions`, `cargo deny check advisories`, `cargo xtask footprint`.
`cargo xtask release` says what to do once all is well.";

/// Returns the steps in order.
pub(super) fn steps(version: &str, ordered: &[&Package]) -> String {
    let mut text = format!(
        "To release {version}, on `main`:\n\n\
         \x20 1. `cargo xtask release --dry-run` finds nothing bad.\n\
         \x20 2. `cargo xtask ci` passes, and `cargo xtask minimal-versions`.\n\
         \x20 3. `cargo deny check advisories` knows nothing against a dependency.\n\
         \x20 4. `git tag -s v{version} -m \"{version}\"`\n\
         \x20 5. Publish each package; cargo waits until the registry has it:\n"
    );
    for package in ordered {
        writeln!(text, "       cargo publish -p {}", package.name).expect("a String takes every write");
    }
    text.push_str(
        "  6. `git push --tags`, and write the release with its part of CHANGELOG.md.\n\
         \x20 7. Set the next version in Cargo.toml, in `[workspace.package]` and in the dependencies on our own packages.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_published_in_order() {
        let package = |name: &str| Package { name: name.to_owned(), ..Package::default() };
        let text = steps("0.1.0", &[&package("core"), &package("facade")]);
        assert!(text.contains("cargo publish -p core\n       cargo publish -p facade\n"), "{text}");
    }
}
