//! No dependency of a published package requires a later Rust than the package.
//!
//! The lint `incompatible_msrv` checks the code of the packages themselves.

use crate::graph::{Graph, Node};

pub(super) fn check(graph: &Graph) -> Vec<String> {
    graph.published().flat_map(|member| check_member(graph, member)).collect()
}

fn check_member(graph: &Graph, member: &Node) -> Vec<String> {
    // An optional package of the workspace may require more, and is checked separately.
    let ours =
        graph.dependencies(member).filter(|node| node.is_member && !member.optional.contains(&node.name));
    let others = graph.below([member]);
    let later = ours.chain(others).filter(|node| node.rust_version > member.rust_version);
    later
        .map(|node| {
            format!(
                "{} says Rust {}, but {} {} asks for {}: choose another version with `cargo update --precise`, or say more",
                member.name,
                written(&member.rust_version),
                node.name,
                node.version,
                written(&node.rust_version)
            )
        })
        .collect()
}

fn written(version: &[u64]) -> String {
    let parts: Vec<String> = version.iter().map(u64::to_string).collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, rust_version: &[u64]) -> Node {
        Node { is_member: true, publishable: true, ..other(name, rust_version) }
    }

    fn other(name: &str, rust_version: &[u64]) -> Node {
        Node { name: name.to_owned(), rust_version: rust_version.to_vec(), ..Node::default() }
    }

    #[test]
    fn a_dependency_that_asks_for_more_is_found_however_deep() {
        let graph = |rust: &[u64]| {
            Graph::of(vec![
                (member("a", &[1, 89, 0]), &["b"]),
                (other("b", &[1, 60, 0]), &["c"]),
                (other("c", rust), &[]),
            ])
        };
        assert!(check(&graph(&[1, 89, 0])).is_empty());
        assert!(check(&graph(&[])).is_empty());
        let found = check(&graph(&[1, 89, 1]));
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("c ") && found[0].contains("1.89.1"), "{found:?}");
    }

    #[test]
    fn a_package_of_ours_may_ask_for_more_where_only_a_feature_brings_it() {
        let graph = |optional: &[&str]| {
            let optional = optional.iter().map(ToString::to_string).collect();
            Graph::of(vec![
                (Node { optional, ..member("a", &[1, 88, 0]) }, &["b"]),
                (member("b", &[1, 89, 0]), &[]),
            ])
        };
        assert!(check(&graph(&["b"])).is_empty());
        assert_eq!(check(&graph(&[])).len(), 1);
    }
}
