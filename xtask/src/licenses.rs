//! `cargo xtask licenses`: the licences of the published packages' dependencies.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
};

use crate::{Result, cargo::root, graph::Graph};

/// The committed list.
pub(crate) const LIST: &str = "THIRD-PARTY.md";

/// Prints the list, or writes it with `--write`.
///
/// # Errors
///
/// If there is another argument, or the file cannot be written.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let text = markdown(&Graph::read()?);
    match arguments {
        [] => print!("{text}"),
        [write] if write == "--write" => {
            fs::write(root().join(LIST), text)?;
            println!("{LIST} is written");
        }
        _ => return Err("`cargo xtask licenses` takes only --write".into()),
    }
    Ok(())
}

/// Formats the list by licence. It has no versions: they are in Cargo.lock, and licences rarely change with them.
pub(crate) fn markdown(graph: &Graph) -> String {
    let mut by_license: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for node in graph.below(graph.published()) {
        by_license.entry(&node.license).or_default().insert(&node.name);
    }
    let mut text = String::from(
        "# Licences of dependencies\n\n\
         The published packages depend on these crates, with all their features and on all platforms together. A program that uses the\n\
         SDK has some of them: `cargo tree -e normal` lists which. `cargo xtask licenses --write` writes this file.\n\n\
         | licence | crates |\n|---|---|\n",
    );
    for (license, names) in by_license {
        let names: Vec<&str> = names.into_iter().collect();
        let license = if license.is_empty() { "not said" } else { license };
        writeln!(text, "| {license} | {} |", names.join(", ")).expect("a String takes every write");
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::graph::Node;

    use super::*;

    #[test]
    fn crates_are_listed_by_licence() {
        let node = |name: &str, license: &str| Node {
            name: name.to_owned(),
            license: license.to_owned(),
            ..Node::default()
        };
        let graph = Graph::of(vec![
            (Node { is_member: true, publishable: true, ..node("ours", "MIT") }, &["a", "c"]),
            (node("a", "MIT"), &["b"]),
            (node("b", "ISC"), &[]),
            (node("c", "MIT"), &[]),
            (node("unused", "GPL-3.0"), &[]),
        ]);
        let text = markdown(&graph);
        assert!(text.ends_with("|---|---|\n| ISC | b |\n| MIT | a, c |\n"), "{text}");
    }
}
