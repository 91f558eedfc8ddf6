//! The tables of guarantees name existing tests.
//!
//! Each row names, in its last column, the tests that show its guarantee.

use std::collections::BTreeSet;

use crate::{repository::Repository, rust_source::code_only};

const PAGE: &str = "crates/logtide/src/guarantees.md";

/// Promises that the SDK cannot make, since the server has no idempotency key.
const FORBIDDEN: [&str; 2] = ["exactly once", "exactly in order"];

pub(super) fn check(repository: &Repository) -> Vec<String> {
    let Some(page) = repository.file(PAGE) else {
        return vec![format!("{PAGE}: the file is missing")];
    };
    let mut functions = BTreeSet::new();
    for file in repository.rust_files() {
        functions.extend(names_of_functions(&code_only(&file.text)));
    }
    let mut violations = Vec::new();
    for (index, line) in page.text.lines().enumerate() {
        let place = format!("{PAGE}:{}", index + 1);
        for words in FORBIDDEN.iter().filter(|words| line.to_lowercase().contains(*words)) {
            violations.push(format!("{place}: \"{words}\" cannot be promised"));
        }
        let Some(tests) = tests(line) else { continue };
        if tests.is_empty() {
            violations.push(format!("{place}: name the test that shows it, in the last column"));
        }
        for test in tests.iter().filter(|test| !functions.contains(**test)) {
            violations.push(format!("{place}: there is no test `{test}`"));
        }
    }
    violations
}

/// Returns the tests that a row of a table names, or `None` if the line is not such a row.
fn tests(line: &str) -> Option<Vec<&str>> {
    let cells = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let last = cells.rsplit(" | ").next()?.trim();
    let is_head = last == "shown by" || cells.trim().chars().all(|character| "-| ".contains(character));
    (!is_head).then(|| last.split('`').skip(1).step_by(2).collect())
}

fn names_of_functions(code: &str) -> impl Iterator<Item = String> {
    code.split("fn ").skip(1).map(|rest| {
        rest.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(page: &str) -> Vec<String> {
        check(&Repository::of(&[(PAGE, page), ("tests/it/a.rs", "#[test]\nfn it_holds() {}\n")]))
    }

    #[test]
    fn each_row_names_tests_that_exist() {
        assert_eq!(violations("Text.\n\n| what | shown by |\n|---|---|\n| It | `it_holds` |\n"), [""; 0]);
        let broken = violations("| It | `it_does_not` |\n| That | |\n");
        assert_eq!(broken.len(), 2, "{broken:?}");
        assert!(broken[0].contains("it_does_not") && broken[1].contains(":2:"));
    }

    #[test]
    fn what_cannot_be_promised_is_found() {
        assert_eq!(violations("Entries arrive Exactly Once.\n").len(), 1);
    }
}
