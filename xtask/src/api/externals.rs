//! External crates in the signatures of a library.
//!
//! A new major version of such a crate forces one of the library, so each is listed.

use std::collections::{BTreeMap, BTreeSet};

use super::Surface;

/// The external crates allowed in public signatures: `library: crate crate`, one library per line.
pub(super) const LIST: &str = "tests/api/external-crates.txt";

/// The external crates that each library names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Externals(BTreeMap<String, BTreeSet<String>>);

impl Externals {
    /// Finds these crates in the lines of the libraries.
    pub(super) fn of(surfaces: &[Surface], crates: &BTreeSet<String>) -> Self {
        let named = |surface: &Surface| {
            let heads =
                surface.lines().into_iter().flat_map(path_heads).filter(|head| crates.contains(*head));
            (surface.name.clone(), heads.map(str::to_owned).collect())
        };
        Self(surfaces.iter().map(named).collect())
    }

    /// Returns the crates that the list lacks, and those that it does not need.
    pub(super) fn complaints(&self, list: &str) -> Vec<String> {
        let mut allowed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (library, crates) in list.lines().filter_map(|line| line.split_once(':')) {
            allowed.entry(library.trim()).or_default().extend(crates.split_whitespace());
        }
        let mut complaints = Vec::new();
        for (library, named) in &self.0 {
            let allowed = allowed.remove(library.as_str()).unwrap_or_default();
            let named: BTreeSet<&str> = named.iter().map(String::as_str).collect();
            complaints.extend(named.difference(&allowed).map(|name| {
                format!("{library} has `{name}` in a public signature, and {LIST} does not allow it there")
            }));
            complaints.extend(allowed.difference(&named).map(|name| {
                format!("{LIST} allows `{name}` in {library}, which does not have it: remove it there")
            }));
        }
        complaints
    }
}

/// Returns the first names of the paths in a line: `b` and `c` of `fn a(b::B) -> c::C`.
fn path_heads(line: &str) -> impl Iterator<Item = &str> {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices("::").filter_map(move |(end, _)| {
        let start = line[..end].rfind(|character| !is_name(character)).map_or(0, |before| before + 1);
        (start < end && !line[..start].ends_with("::")).then(|| &line[start..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn externals() -> Externals {
        let lines = [
            "pub fn ours::make(http::uri::Uri) -> core::result::Result<(), serde_json::error::Error>",
            "impl<T: ours::http::Trait> tower_service::Service<T> for ours::S",
        ];
        let crates = ["http", "serde_json", "tower_service", "uuid"].map(str::to_owned).into();
        Externals::of(&[Surface::of("ours", lines.map(str::to_owned))], &crates)
    }

    #[test]
    fn a_path_has_one_head() {
        let heads: Vec<&str> = path_heads("a::b::C<d::E, F::G> -> &'a h_i::J").collect();
        assert_eq!(heads, ["a", "d", "F", "h_i"]);
    }

    #[test]
    fn what_is_listed_and_needed_passes() {
        assert_eq!(
            externals().complaints("# Why.\nours: http serde_json\nours: tower_service\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_is_not_listed_or_not_needed_is_found() {
        let found = externals().complaints("ours: http serde_json uuid\ntheirs: http\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("`tower_service`") && found[1].contains("`uuid`"));
    }
}
