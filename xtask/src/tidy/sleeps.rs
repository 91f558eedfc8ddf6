//! Tests wait for events, not for a length of time.

use super::exceptions::Exceptions;
use crate::{
    repository::{Repository, TextFile},
    rust_source::{code_only, is_test_file, is_word_at, unit_tests_line},
};

/// The test files that may sleep.
const LIST: &str = "xtask/sleeps.txt";

const SLEEPS: [&str; 2] = ["sleep", "sleep_until"];

pub(super) fn check(repository: &Repository) -> Vec<String> {
    let mut exceptions = Exceptions::read(repository, LIST);
    let mut violations = Vec::new();
    for file in repository.rust_files() {
        let lines = sleeping_lines(file);
        if lines.is_empty() || exceptions.allow(&file.path) {
            continue;
        }
        violations.extend(lines.into_iter().map(|line| {
            format!(
                "{}:{line}: a test sleeps; move a clock or wait for an event (exceptions: {LIST})",
                file.path
            )
        }));
    }
    violations.extend(exceptions.finish());
    violations
}

fn sleeping_lines(file: &TextFile) -> Vec<usize> {
    let code = code_only(&file.text);
    let first = if is_test_file(&file.path) { Some(0) } else { unit_tests_line(&code) };
    let Some(first) = first else { return Vec::new() };
    let lines = code.lines().enumerate().skip(first);
    lines
        .filter(|(_, line)| SLEEPS.iter().any(|name| calls(line, name)))
        .map(|(index, _)| index + 1)
        .collect()
}

/// Whether the line calls a function of this name, as a path or bare, but not as a method.
fn calls(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(start, _)| {
        is_word_at(line, start, name)
            && line[start + name.len()..].starts_with('(')
            && !line[..start].ends_with('.')
            && !line[..start].trim_end().ends_with("fn")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(files: &[(&str, &str)]) -> Vec<String> {
        check(&Repository::of(files))
    }

    #[test]
    fn a_sleep_in_a_test_file_is_found() {
        let found =
            violations(&[("tests/it/a.rs", "fn a() {\n    std::thread::sleep(D);\n    b.sleep(D);\n}\n")]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("tests/it/a.rs:2:"), "{found:?}");
        assert_eq!(
            violations(&[("crates/a/src/b/tests.rs", "async fn a() { sleep_until(T).await }")]).len(),
            1
        );
    }

    #[test]
    fn in_a_source_file_only_the_unit_tests_count() {
        let source = "async fn run() { tokio::time::sleep(D).await }\n";
        assert!(violations(&[("crates/a/src/lib.rs", source)]).is_empty());
        let tested = format!("{source}#[cfg(test)]\nmod tests {{\n    fn a() {{ time::sleep(D) }}\n}}\n");
        let found = violations(&[("crates/a/src/lib.rs", &tested)]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("crates/a/src/lib.rs:4:"), "{found:?}");
    }

    #[test]
    fn a_listed_file_may_sleep() {
        let file = ("tests/a.rs", "fn a() { thread::sleep(D) }");
        assert!(
            violations(&[file, (LIST, "# comment\n\ntests/a.rs — the server closes after a second\n")])
                .is_empty()
        );
    }

    #[test]
    fn an_entry_needs_a_reason_and_a_sleep() {
        let file = ("tests/a.rs", "fn a() {}");
        assert_eq!(violations(&[file, (LIST, "tests/a.rs — no longer\n")]).len(), 1);
        assert_eq!(violations(&[file, (LIST, "tests/a.rs\n")]).len(), 1);
    }
}
