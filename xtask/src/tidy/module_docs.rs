//! Every module begins with a line of documentation.

use crate::repository::Repository;

pub(super) fn check(repository: &Repository) -> Vec<String> {
    repository
        .rust_files()
        .filter(|file| needs_docs(&file.path) && !has_docs(&file.text))
        .map(|file| format!("{}: the file does not begin with a `//!` line that says what it is", file.path))
        .collect()
}

fn needs_docs(path: &str) -> bool {
    let mut folders = path.split('/');
    match folders.next() {
        Some("tests" | "examples" | "xtask") => true,
        Some("crates") => folders.nth(1).is_some_and(|folder| ["src", "tests", "examples"].contains(&folder)),
        _ => false,
    }
}

fn has_docs(text: &str) -> bool {
    text.lines()
        .map(str::trim_start)
        .find(|line| !line.is_empty() && !line.starts_with("#![") && !is_plain_comment(line))
        .and_then(|line| line.strip_prefix("//!"))
        .is_some_and(|docs| !docs.trim().is_empty())
}

fn is_plain_comment(line: &str) -> bool {
    line.starts_with("//") && !line.starts_with("//!") && !line.starts_with("///")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_docs_is_found() {
        let repository = Repository::of(&[
            ("crates/a/src/bare.rs", "use std::fmt;\n"),
            ("crates/a/src/empty.rs", ""),
            ("crates/a/src/good.rs", "//! Good.\n"),
            ("tests/fuzz/sse.rs", "#![no_main]\n//! Feeds bytes to the decoder.\n"),
            ("tests/late.rs", "/// An item.\n//! Late.\n"),
            ("build.rs", "fn main() {}\n"),
        ]);
        let paths: Vec<String> =
            check(&repository).iter().map(|line| line.split(':').next().unwrap().to_owned()).collect();
        assert_eq!(paths, ["crates/a/src/bare.rs", "crates/a/src/empty.rs", "tests/late.rs"]);
    }

    #[test]
    fn an_empty_line_of_docs_does_not_count() {
        assert!(!has_docs("//!\nfn main() {}\n"));
    }
}
