//! Committed exceptions to a rule, each with its reason.

use std::collections::BTreeMap;

use crate::repository::Repository;

/// The exceptions of a list with lines such as `WHAT — REASON`. Empty lines and those that begin with `#` are ignored.
pub(super) struct Exceptions<'a> {
    list: &'static str,
    /// Whether each exception was needed.
    used: BTreeMap<&'a str, bool>,
    violations: Vec<String>,
}

impl<'a> Exceptions<'a> {
    /// Reads a list, which may be missing.
    pub(super) fn read(repository: &'a Repository, list: &'static str) -> Self {
        let text = repository.file(list).map_or("", |file| file.text.as_str());
        let (mut used, mut violations) = (BTreeMap::new(), Vec::new());
        for (index, line) in text.lines().enumerate() {
            match line.rsplit_once(" — ") {
                _ if line.is_empty() || line.starts_with('#') => {}
                Some((what, reason)) if !reason.trim().is_empty() => {
                    used.insert(what.trim(), false);
                }
                _ => violations.push(format!("{list}:{}: write the line as `WHAT — REASON`", index + 1)),
            }
        }
        Self { list, used, violations }
    }

    /// Whether the list has this exception, which then counts as needed.
    pub(super) fn allow(&mut self, what: &str) -> bool {
        self.used.get_mut(what).map(|used| *used = true).is_some()
    }

    /// Returns the violations of the list itself: invalid lines, and exceptions that are not needed.
    pub(super) fn finish(self) -> Vec<String> {
        let Self { list, used, mut violations } = self;
        let unused = used.into_iter().filter(|(_, used)| !used);
        violations.extend(unused.map(|(what, _)| format!("{list}: `{what}` is not needed; remove its line")));
        violations
    }
}
