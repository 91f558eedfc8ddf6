//! The code in README.md is tested as part of the documentation.
//!
//! Between `<!-- crate docs: begin -->` and `<!-- crate docs: end -->`, the README's Rust blocks are those of the facade's crate
//! documentation, in the same order. Lines that rustdoc hides (`# …`) are ignored in both.

use super::Findings;
use crate::repository::Repository;

const README: &str = "README.md";
const CRATE: &str = "crates/logtide/src/lib.rs";
const BEGIN: &str = "<!-- crate docs: begin -->";
const END: &str = "<!-- crate docs: end -->";

pub(super) fn check(repository: &Repository) -> Findings {
    let readme = repository.file(README).map_or("", |file| file.text.as_str());
    let marked = match marked(readme) {
        Ok(Some(marked)) => marked,
        Ok(None) => {
            return Findings {
                skipped: Some("README.md marks no part as crate docs yet"),
                ..Findings::default()
            };
        }
        Err(violation) => return vec![violation].into(),
    };
    let docs = repository.file(CRATE).map(|file| crate_docs(&file.text)).unwrap_or_default();
    compare(&rust_blocks(&marked), &rust_blocks(&docs)).into()
}

fn compare(shown: &[String], tested: &[String]) -> Vec<String> {
    let mut violations = Vec::new();
    for (index, pair) in shown.iter().zip(tested).enumerate() {
        let (shown, tested) = pair;
        if shown != tested {
            let number = index + 1;
            let difference = first_difference(shown, tested);
            violations.push(format!("{README}: Rust block {number} differs from {CRATE}: {difference}"));
        }
    }
    if shown.len() != tested.len() {
        let (shown, tested) = (shown.len(), tested.len());
        violations.push(format!("{README} marks {shown} Rust blocks as crate docs, {CRATE} has {tested}"));
    }
    violations
}

fn first_difference(shown: &str, tested: &str) -> String {
    let mut tested = tested.lines();
    for line in shown.lines() {
        let other = tested.next();
        if other != Some(line) {
            return format!("`{line}` is `{}` there", other.unwrap_or("missing"));
        }
    }
    format!("`{}` is missing here", tested.next().unwrap_or_default())
}

/// Returns the text between the markers, or `None` if there are none.
fn marked(readme: &str) -> Result<Option<String>, String> {
    let mut parts = readme.split(BEGIN);
    let before = parts.next().unwrap_or_default();
    let mut marked = String::new();
    let mut count = 0;
    for part in parts {
        let (inside, after) =
            part.split_once(END).ok_or_else(|| format!("{README}: `{BEGIN}` has no end"))?;
        if after.contains(END) {
            return Err(format!("{README}: `{END}` has no beginning"));
        }
        marked.push_str(inside);
        count += 1;
    }
    if before.contains(END) {
        return Err(format!("{README}: `{END}` has no beginning"));
    }
    Ok((count > 0).then_some(marked))
}

/// Returns the crate documentation of a source file, as Markdown.
fn crate_docs(source: &str) -> String {
    let lines = source.lines().filter_map(|line| line.strip_prefix("//!"));
    lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
}

/// Returns the Rust code blocks of a Markdown text.
fn rust_blocks(markdown: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else { continue };
        let block = lines.by_ref().take_while(|line| line.trim() != "```");
        let visible = block.filter(|line| line.trim() != "#" && !line.trim_start().starts_with("# "));
        let block: String = visible.map(|line| format!("{}\n", line.trim_end())).collect();
        if is_rust(language) {
            blocks.push(block.trim_end().to_owned());
        }
    }
    blocks
}

/// Whether rustdoc treats a block with this language as Rust.
fn is_rust(language: &str) -> bool {
    const ATTRIBUTES: [&str; 5] = ["rust", "no_run", "should_panic", "compile_fail", "ignore"];
    let mut words = language.split([',', ' ']).filter(|word| !word.is_empty());
    words.all(|word| ATTRIBUTES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIB: &str = "//! The SDK.\n//!\n//! ```no_run\n//! # fn main() {\n//! let a = 1;\n//! # }\n//! ```\n//!\n//! ```toml\n//! x = 1\n//! ```\n\nmod a;\n";

    fn findings(readme: &str) -> Findings {
        check(&Repository::of(&[(README, readme), (CRATE, LIB)]))
    }

    fn readme(code: &str) -> String {
        format!("# LogTide\n\n{BEGIN}\n```rust\n{code}\n```\n{END}\n\n```rust\nelsewhere();\n```\n")
    }

    #[test]
    fn the_same_code_passes_without_the_hidden_lines() {
        assert_eq!(findings(&readme("let a = 1;")), Findings::default());
    }

    #[test]
    fn other_code_is_found() {
        let found = findings(&readme("let a = 2;"));
        assert_eq!(found.violations.len(), 1);
        assert!(found.violations[0].contains("`let a = 2;` is `let a = 1;` there"), "{found:?}");
        assert_eq!(findings(&readme("let a = 1;\nb();")).violations.len(), 1);
        assert_eq!(findings(&readme("")).violations.len(), 1);
    }

    #[test]
    fn a_missing_block_is_found() {
        assert_eq!(findings(&format!("{BEGIN}\n{END}\n")).violations.len(), 1);
    }

    #[test]
    fn a_lone_marker_is_found() {
        assert_eq!(findings(BEGIN).violations.len(), 1);
        assert_eq!(findings(END).violations.len(), 1);
    }

    #[test]
    fn without_markers_there_is_nothing_to_compare() {
        assert!(findings("# LogTide\n").skipped.is_some());
        assert!(check(&Repository::of(&[])).skipped.is_some());
    }
}
