//! No unfinished code, and no disabled tests.

use crate::{
    repository::Repository,
    rust_source::{code_only, is_word_at},
};

const MACROS: [&str; 3] = ["todo", "unimplemented", "dbg"];

pub(super) fn check(repository: &Repository) -> Vec<String> {
    let mut violations = Vec::new();
    for file in repository.rust_files() {
        for (index, line) in code_only(&file.text).lines().enumerate() {
            let place = format!("{}:{}", file.path, index + 1);
            for name in MACROS.iter().filter(|name| calls_macro(line, name)) {
                violations.push(format!("{place}: `{name}!` must not stay in the code"));
            }
            if ignores_without_reason(line) {
                violations.push(format!("{place}: say why the test is ignored: `#[ignore = \"reason\"]`"));
            }
        }
    }
    violations
}

fn calls_macro(line: &str, name: &str) -> bool {
    line.match_indices(name)
        .any(|(start, _)| is_word_at(line, start, name) && line[start + name.len()..].starts_with('!'))
}

fn ignores_without_reason(line: &str) -> bool {
    line.match_indices("ignore").any(|(start, word)| {
        let attribute = line[..start].trim_end().ends_with("#[");
        let rest = line[start + word.len()..].trim_start();
        let reason = rest.strip_prefix('=').is_some_and(|value| !value.trim_start().starts_with("\"\""));
        attribute
            && !rest.starts_with(|character: char| character.is_alphanumeric() || character == '_')
            && !reason
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(source: &str) -> usize {
        check(&Repository::of(&[("a.rs", source)])).len()
    }

    #[test]
    fn placeholders_are_found_with_their_line() {
        assert_eq!(
            check(&Repository::of(&[("a.rs", "fn a() {\n    todo!()\n}\n")])),
            ["a.rs:2: `todo!` must not stay in the code"]
        );
        assert_eq!(violations("fn a() { unimplemented!(\"later\") }"), 1);
        assert_eq!(violations("fn a() { dbg!(1); }"), 1);
    }

    #[test]
    fn words_in_text_and_longer_names_pass() {
        assert_eq!(violations("// todo!()\nfn a() { log(\"todo!\"); my_todo!(); let todo = 1; }"), 0);
    }

    #[test]
    fn a_test_is_not_ignored_without_a_reason() {
        assert_eq!(violations("#[ignore]\nfn a() {}"), 1);
        assert_eq!(violations("#[ignore = \"\"]\nfn a() {}"), 1);
        assert_eq!(violations("#[ignore = \"needs a server\"]\nfn a() {}"), 0);
        assert_eq!(violations("#[ignored]\nfn a() {}"), 0);
    }
}
