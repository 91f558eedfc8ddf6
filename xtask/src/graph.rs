//! The dependency graph of the workspace, from Cargo.lock.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    Result,
    cargo::{capture, cargo},
};

/// The members of the workspace and all their dependencies, with all features and on all platforms.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    nodes: BTreeMap<String, Node>,
}

/// A package of the graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: String,
    /// The lowest version of Rust, as its parts. Empty if the package does not set it.
    pub(crate) rust_version: Vec<u64>,
    pub(crate) is_member: bool,
    pub(crate) publishable: bool,
    /// The ids of its dependencies, without dev-dependencies.
    pub(crate) dependencies: Vec<String>,
    /// The names of optional dependencies.
    pub(crate) optional: BTreeSet<String>,
}

impl Graph {
    /// Reads the graph.
    ///
    /// # Errors
    ///
    /// If `cargo metadata` fails.
    pub(crate) fn read() -> Result<Self> {
        Self::parse(&capture(cargo(["metadata", "--all-features", "--format-version", "1"]))?)
    }

    fn parse(metadata: &str) -> Result<Self> {
        let metadata: Value = serde_json::from_str(metadata)?;
        let members: BTreeSet<&str> =
            list(&metadata["workspace_members"]).filter_map(Value::as_str).collect();
        let mut nodes = BTreeMap::new();
        for package in list(&metadata["packages"]) {
            let id = text(&package["id"]);
            nodes.insert(id.clone(), Node::of(package, members.contains(id.as_str())));
        }
        for resolved in list(&metadata["resolve"]["nodes"]) {
            let Some(node) = nodes.get_mut(&text(&resolved["id"])) else { continue };
            let built = list(&resolved["deps"])
                .filter(|dependency| list(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev"));
            node.dependencies = built.map(|dependency| text(&dependency["pkg"])).collect();
        }
        Ok(Self { nodes })
    }

    /// Returns the published members.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values().filter(|node| node.is_member && node.publishable)
    }

    /// Returns the direct dependencies of a package.
    pub(crate) fn dependencies<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = &'a Node> {
        node.dependencies.iter().filter_map(|id| self.nodes.get(id))
    }

    /// Returns the names of external packages, as they are written in code.
    pub(crate) fn crate_names(&self) -> BTreeSet<String> {
        let others = self.nodes.values().filter(|node| !node.is_member);
        others.map(|node| node.name.replace('-', "_")).collect()
    }

    /// Returns the external packages below these, each once.
    pub(crate) fn below<'a>(&'a self, nodes: impl IntoIterator<Item = &'a Node>) -> Vec<&'a Node> {
        let mut waiting: Vec<&Node> = nodes.into_iter().collect();
        let mut found = BTreeMap::new();
        while let Some(node) = waiting.pop() {
            for below in self.dependencies(node).filter(|below| !below.is_member) {
                if found.insert((&below.name, &below.version), below).is_none() {
                    waiting.push(below);
                }
            }
        }
        found.into_values().collect()
    }

    /// Creates a graph of these packages, each with the names of its dependencies.
    #[cfg(test)]
    pub(crate) fn of(nodes: Vec<(Node, &[&str])>) -> Self {
        let node = |(node, dependencies): (Node, &[&str])| {
            let dependencies = dependencies.iter().map(ToString::to_string).collect();
            (node.name.clone(), Node { dependencies, ..node })
        };
        Self { nodes: nodes.into_iter().map(node).collect() }
    }
}

impl Node {
    fn of(package: &Value, is_member: bool) -> Self {
        let license = package["license"].as_str().map_or_else(
            || package["license_file"].as_str().map(|file| format!("see its {file}")).unwrap_or_default(),
            str::to_owned,
        );
        let optional = list(&package["dependencies"]).filter(|dependency| dependency["optional"] == true);
        Self {
            name: text(&package["name"]),
            version: text(&package["version"]),
            license,
            rust_version: version(&text(&package["rust_version"])),
            is_member,
            publishable: package["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
            dependencies: Vec::new(),
            optional: optional.map(|dependency| text(&dependency["name"])).collect(),
        }
    }
}

/// Returns the three parts of `1.89` or `1.89.0`, or none for an empty text.
fn version(text: &str) -> Vec<u64> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut parts: Vec<u64> = text.split('.').map(|part| part.parse().unwrap_or(0)).collect();
    parts.resize(3, 0);
    parts
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_use_is_not_below() {
        let metadata = r#"{"workspace_members":["a"],"packages":[
            {"id":"a","name":"a","version":"0.1.0","rust_version":"1.89","dependencies":[{"name":"c","optional":true}]},
            {"id":"b","name":"b","version":"1.0.0","license":"MIT","rust_version":"1.63.0","dependencies":[]},
            {"id":"c","name":"c","version":"1.0.0","dependencies":[]}],
            "resolve":{"nodes":[{"id":"a","deps":[{"pkg":"b","dep_kinds":[{"kind":null},{"kind":"dev"}]},
            {"pkg":"c","dep_kinds":[{"kind":"dev"}]}]}]}}"#;
        let graph = Graph::parse(metadata).unwrap();
        let member = graph.published().next().unwrap();
        assert_eq!((member.rust_version.as_slice(), member.optional.len()), ([1, 89, 0].as_slice(), 1));
        let below = graph.below([member]);
        assert_eq!(below.iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(
            (below[0].license.as_str(), below[0].rust_version.as_slice()),
            ("MIT", [1, 63, 0].as_slice())
        );
    }
}
