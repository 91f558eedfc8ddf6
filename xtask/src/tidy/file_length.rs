//! Limits the length of files.

use crate::repository::Repository;

const CEILING: usize = 600;

pub(super) fn check(repository: &Repository) -> Vec<String> {
    repository
        .rust_files()
        .map(|file| (&file.path, file.text.lines().count()))
        .filter(|(_, lines)| *lines > CEILING)
        .map(|(path, lines)| format!("{path}: {lines} lines; the ceiling is {CEILING}, split it by noun"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_above_the_ceiling_is_found() {
        let (full, over) = ("\n".repeat(CEILING), "\n".repeat(CEILING + 1));
        let repository = Repository::of(&[("a.rs", &full), ("b.rs", &over), ("c.md", &over)]);
        let violations = check(&repository);
        assert_eq!(violations.len(), 1);
        assert!(violations[0].starts_with("b.rs: 601 lines"), "{violations:?}");
    }
}
