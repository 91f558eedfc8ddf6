//! The packages of the workspace, as cargo describes them.

mod order;

use serde_json::Value;

use crate::{
    Result,
    cargo::{capture, cargo, root},
};

pub(crate) use order::order;

/// A package, for the rules of the repository and for releases.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The folder, relative to the root of the repository.
    pub(crate) folder: String,
    pub(crate) has_library: bool,
    pub(crate) publishable: bool,
    /// The names of the dependencies, without dev-dependencies.
    pub(crate) dependencies: Vec<String>,
    /// The dependencies that must be published before the package, including dev-dependencies, with their version requirements.
    pub(crate) requirements: Vec<(String, String)>,
    /// The text fields that the registry shows, if they are set: `description`, for example.
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) keywords: usize,
    pub(crate) categories: usize,
    /// Whether docs.rs builds the documentation with all features and `--cfg docsrs`.
    pub(crate) documents_features: bool,
}

/// The fields that the registry shows, as `cargo metadata` names them.
pub(crate) const FIELDS: [&str; 7] =
    ["description", "license", "repository", "homepage", "documentation", "readme", "rust_version"];

impl Package {
    /// Returns the members of the workspace.
    ///
    /// # Errors
    ///
    /// If `cargo metadata` fails.
    pub(crate) fn read_all() -> Result<Vec<Self>> {
        Self::parse(&capture(cargo(["metadata", "--no-deps", "--format-version", "1"]))?)
    }

    /// Returns the published members of the workspace.
    ///
    /// # Errors
    ///
    /// If `cargo metadata` fails.
    pub(crate) fn read_published() -> Result<Vec<Self>> {
        Ok(Self::read_all()?.into_iter().filter(|package| package.publishable).collect())
    }

    /// Parses the output of `cargo metadata`.
    fn parse(metadata: &str) -> Result<Vec<Self>> {
        let metadata: Value = serde_json::from_str(metadata)?;
        let packages = metadata["packages"].as_array().ok_or("`cargo metadata` lists no packages")?;
        Ok(packages.iter().map(Self::of).collect())
    }

    fn of(package: &Value) -> Self {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let (mut dependencies, mut requirements) = (Vec::new(), Vec::new());
        for dependency in list(&package["dependencies"]) {
            let Some(name) = text(&dependency["name"]) else { continue };
            // Cargo leaves a dev-dependency out of the package if it has a path and no version.
            let requirement = text(&dependency["req"]).unwrap_or_default();
            if requirement != "*" {
                requirements.push((name.clone(), requirement));
            }
            if dependency["kind"] != "dev" {
                dependencies.push(name);
            }
        }
        let is_library = |target: &Value| list(&target["kind"]).iter().any(|kind| kind == "lib");
        let docs = &package["metadata"]["docs"]["rs"];
        Self {
            name: text(&package["name"]).unwrap_or_default(),
            version: text(&package["version"]).unwrap_or_default(),
            folder: text(&package["manifest_path"]).map(|path| folder(&path)).unwrap_or_default(),
            has_library: list(&package["targets"]).iter().any(is_library),
            publishable: package["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
            dependencies,
            requirements,
            fields: FIELDS.iter().filter_map(|field| Some((*field, text(&package[*field])?))).collect(),
            keywords: list(&package["keywords"]).len(),
            categories: list(&package["categories"]).len(),
            documents_features: docs["all-features"] == true
                && list(&docs["rustdoc-args"]).iter().any(|argument| argument == "docsrs"),
        }
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Returns the folder of a manifest, relative to the root, with `/` on every platform.
fn folder(manifest: &str) -> String {
    let relative = manifest.strip_prefix(&*root().to_string_lossy()).unwrap_or(manifest).replace('\\', "/");
    relative.trim_start_matches('/').trim_end_matches("Cargo.toml").trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_read_without_its_dev_dependencies() {
        let metadata = r#"{"packages":[{"name":"a","version":"0.1.0","publish":null,"description":"An a.","license":"MIT",
            "keywords":["k"],"categories":[],"targets":[{"kind":["test"]},{"kind":["lib"]}],"manifest_path":"crates/a/Cargo.toml",
            "metadata":{"docs":{"rs":{"all-features":true,"rustdoc-args":["--cfg","docsrs"]}}},
            "dependencies":[{"name":"b","kind":null,"req":"^1.0"},{"name":"c","kind":"dev","req":"^0.1.0"},
            {"name":"d","kind":"build","req":"^2.0"},{"name":"e","kind":"dev","req":"*"}]}]}"#;
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        let expected = Package {
            name: "a".to_owned(),
            version: "0.1.0".to_owned(),
            folder: "crates/a".to_owned(),
            has_library: true,
            publishable: true,
            dependencies: vec!["b".to_owned(), "d".to_owned()],
            requirements: vec![pair("b", "^1.0"), pair("c", "^0.1.0"), pair("d", "^2.0")],
            fields: vec![("description", "An a.".to_owned()), ("license", "MIT".to_owned())],
            keywords: 1,
            categories: 0,
            documents_features: true,
        };
        assert_eq!(Package::parse(metadata).unwrap(), [expected]);
    }

    #[test]
    fn publish_false_is_an_empty_list_of_registries() {
        let packages = Package::parse(r#"{"packages":[{"name":"a","publish":[]}]}"#).unwrap();
        assert!(!packages[0].publishable);
    }
}
