//! A module is in `name.rs`, so that file names are unique in an editor.

use crate::repository::Repository;

pub(super) fn check(repository: &Repository) -> Vec<String> {
    repository
        .rust_files()
        .filter_map(|file| file.path.strip_suffix("/mod.rs"))
        .map(|folder| format!("{folder}/mod.rs: move it to {folder}.rs"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mod_file_is_found() {
        let repository = Repository::of(&[("crates/a/src/b/mod.rs", ""), ("crates/a/src/c.rs", "")]);
        assert_eq!(check(&repository), ["crates/a/src/b/mod.rs: move it to crates/a/src/b.rs"]);
    }
}
