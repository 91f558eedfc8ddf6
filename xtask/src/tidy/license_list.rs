//! The list of licences matches the dependencies.

use crate::{
    graph::Graph,
    licenses::{LIST, markdown},
    repository::Repository,
};

pub(super) fn check(repository: &Repository, graph: &Graph) -> Vec<String> {
    let listed = repository.file(LIST).map_or("", |file| file.text.as_str());
    if listed == markdown(graph) {
        return Vec::new();
    }
    vec![format!(
        "{LIST}: it is not the list of what Cargo.lock has; `cargo xtask licenses --write` writes it"
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_list_is_found() {
        let graph = Graph::default();
        assert!(check(&Repository::of(&[(LIST, &markdown(&graph))]), &graph).is_empty());
        assert_eq!(check(&Repository::of(&[(LIST, "old")]), &graph).len(), 1);
        assert_eq!(check(&Repository::of(&[]), &graph).len(), 1);
    }
}
