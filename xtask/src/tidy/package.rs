//! The packages of the workspace, as cargo describes them.

use serde_json::Value;

use crate::{
    Result,
    cargo::{capture, cargo},
};

/// What the rules need to know of a package.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) name: String,
    /// Names of the dependencies that a user of the package gets: no dev-dependencies.
    pub(super) dependencies: Vec<String>,
    pub(super) publishable: bool,
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
}

impl Package {
    /// The members of the workspace.
    pub(super) fn read_all() -> Result<Vec<Self>> {
        Self::parse(&capture(cargo(["metadata", "--no-deps", "--format-version", "1"]))?)
    }

    /// Reads what `cargo metadata` prints.
    fn parse(metadata: &str) -> Result<Vec<Self>> {
        let metadata: Value = serde_json::from_str(metadata)?;
        let packages = metadata["packages"].as_array().ok_or("`cargo metadata` lists no packages")?;
        Ok(packages.iter().map(Self::of).collect())
    }

    fn of(package: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self {
            name: text(&package["name"]).unwrap_or_default(),
            dependencies: dependencies
                .iter()
                .filter(|dependency| dependency["kind"] != "dev")
                .filter_map(|dependency| text(&dependency["name"]))
                .collect(),
            publishable: package["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
            description: text(&package["description"]),
            license: text(&package["license"]).or_else(|| text(&package["license_file"])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_read_without_its_dev_dependencies() {
        let metadata = r#"{"packages":[{"name":"a","publish":null,"description":"An a.","license":"MIT","license_file":null,
            "dependencies":[{"name":"b","kind":null},{"name":"c","kind":"dev"},{"name":"d","kind":"build"}]}]}"#;
        let expected = Package {
            name: "a".to_owned(),
            dependencies: vec!["b".to_owned(), "d".to_owned()],
            publishable: true,
            description: Some("An a.".to_owned()),
            license: Some("MIT".to_owned()),
        };
        assert_eq!(Package::parse(metadata).unwrap(), [expected]);
    }

    #[test]
    fn publish_false_is_an_empty_list_of_registries() {
        let packages = Package::parse(r#"{"packages":[{"name":"a","publish":[]}]}"#).unwrap();
        assert!(!packages[0].publishable);
    }
}
