//! CONFORMANCE.md and the tests agree.
//!
//! The table's first column is an id (`C01`), and its last the file of the test. It can also be several files with commas between
//! them, or `—` if there is none. A test of `C01` is a function named `c01_…`.

use std::collections::BTreeMap;

use crate::{
    repository::{Repository, TextFile},
    rust_source::{code_only, is_word_at},
};

const TABLE: &str = "CONFORMANCE.md";

/// The last id of the contract.
const LAST: u32 = 28;

/// An id that the contract does not use.
const ABSENT: u32 = 19;

pub(super) fn check(repository: &Repository) -> Vec<String> {
    let Some(table) = repository.file(TABLE) else {
        return vec![format!("{TABLE}: the file is missing")];
    };
    let rows = rows(&table.text);
    let mut violations = check_ids(&rows);
    for (id, files) in &rows {
        for path in files {
            match repository.file(path) {
                None => violations.push(format!("{TABLE}: {id} names {path}, which does not exist")),
                Some(file) if !tests(file).any(|test| &test == id) => {
                    let prefix = id.to_lowercase();
                    violations.push(format!("{TABLE}: {id} names {path}, which has no test `{prefix}_…`"));
                }
                Some(_) => {}
            }
        }
    }
    let ticked: BTreeMap<&str, bool> =
        rows.iter().map(|(id, files)| (id.as_str(), !files.is_empty())).collect();
    for file in repository.rust_files() {
        for id in tests(file).filter(|id| ticked.get(id.as_str()) != Some(&true)) {
            violations
                .push(format!("{}: a test of {id}, which {TABLE} does not name; fill in its row", file.path));
        }
    }
    violations
}

/// Returns the ids of the table, each with the files of its tests.
fn rows(table: &str) -> Vec<(String, Vec<String>)> {
    table.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<(String, Vec<String>)> {
    let cells: Vec<&str> =
        line.trim().strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
    let (first, last) = (cells.first()?, cells.last()?);
    let digits = first.strip_prefix('C')?;
    if digits.len() != 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let separator = |character: char| character.is_whitespace() || ",`[]()".contains(character);
    let mut files: Vec<String> =
        last.split(separator).filter(|word| word.ends_with(".rs")).map(str::to_owned).collect();
    // A Markdown link names the file twice.
    files.dedup();
    Some(((*first).to_owned(), files))
}

fn check_ids(rows: &[(String, Vec<String>)]) -> Vec<String> {
    let mut violations = Vec::new();
    let expected: Vec<String> = (1..=LAST).filter(|id| *id != ABSENT).map(|id| format!("C{id:02}")).collect();
    for id in &expected {
        let count = rows.iter().filter(|(row, _)| row == id).count();
        if count != 1 {
            violations.push(format!("{TABLE}: {id} has {count} rows instead of one"));
        }
    }
    let unknown = rows.iter().filter(|(id, _)| !expected.contains(id));
    violations.extend(unknown.map(|(id, _)| format!("{TABLE}: {id} is no id of the contract")));
    violations
}

/// Returns the ids in the names of a file's functions.
fn tests(file: &TextFile) -> impl Iterator<Item = String> {
    let code = code_only(&file.text);
    let mut ids: Vec<String> = code
        .match_indices("fn ")
        .filter(|(start, _)| is_word_at(&code, *start, "fn"))
        .filter_map(|(start, keyword)| id_of(code[start + keyword.len()..].trim_start()))
        .collect();
    ids.dedup();
    ids.into_iter()
}

/// Returns `C01` for `c01_…`.
fn id_of(function: &str) -> Option<String> {
    let bytes = function.as_bytes();
    let named = bytes.len() > 4
        && bytes[0] == b'c'
        && bytes[1].is_ascii_digit()
        && bytes[2].is_ascii_digit()
        && bytes[3] == b'_';
    named.then(|| function[..3].to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: &str = "#[test]\nfn c01_a_log_arrives() {}\n";

    /// Returns a complete table in which the rows of some ids are replaced.
    fn table(replaced: &[(&str, &str)]) -> String {
        let ids = (1..=LAST).filter(|id| *id != ABSENT).map(|id| format!("C{id:02}"));
        let line = |id: String| {
            let cell = replaced.iter().find(|(replaced, _)| *replaced == id).map_or("—", |(_, cell)| cell);
            format!("| {id} | text | {cell} |\n")
        };
        ids.map(line).collect()
    }

    fn violations(table: &str, source: &str) -> Vec<String> {
        check(&Repository::of(&[(TABLE, table), ("tests/it/a.rs", source)]))
    }

    #[test]
    fn a_ticked_row_with_its_test_passes() {
        assert!(violations(&table(&[]), "fn unrelated() {}").is_empty());
        assert!(violations(&table(&[("C01", "`tests/it/a.rs`")]), TEST).is_empty());
        assert!(violations(&table(&[("C01", "[tests/it/a.rs](tests/it/a.rs)")]), TEST).is_empty());
    }

    #[test]
    fn a_row_without_its_test_is_found() {
        let found = violations(&table(&[("C02", "tests/it/a.rs")]), "fn other() {}");
        assert_eq!(found, ["CONFORMANCE.md: C02 names tests/it/a.rs, which has no test `c02_…`"]);
        assert_eq!(violations(&table(&[("C02", "tests/it/gone.rs")]), "").len(), 1);
        assert_eq!(violations(&table(&[("C01", "tests/it/a.rs")]), "// fn c01_a() {}").len(), 1);
    }

    #[test]
    fn a_test_without_its_row_is_found() {
        assert_eq!(violations(&table(&[]), TEST).len(), 1);
        assert_eq!(violations(&table(&[]), "async fn c19_never_was() {}").len(), 1);
    }

    #[test]
    fn the_table_holds_each_id_once() {
        let whole = table(&[]);
        assert_eq!(violations(whole.trim_start_matches("| C01 | text | — |\n"), "").len(), 1);
        assert_eq!(violations(&format!("{whole}| C05 | again | — |\n"), "").len(), 1);
        assert_eq!(violations(&format!("{whole}| C19 | no such | — |\n"), "").len(), 1);
        assert_eq!(check(&Repository::of(&[])).len(), 1);
    }
}
