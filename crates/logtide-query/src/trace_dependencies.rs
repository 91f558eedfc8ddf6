//! Calls between services.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::fields::{Fields, text, whole};

/// The services whose spans have parents or children in other services.
///
/// It is serialized with the server's field names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TraceDependencies {
    /// The services.
    pub nodes: Vec<DependencyNode>,
    /// The calls between them.
    pub edges: Vec<DependencyEdge>,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A service that calls others, or is called.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DependencyNode {
    /// The id that edges use.
    pub id: String,
    /// The name of the service.
    pub name: Option<String>,
    /// The number of calls that it made and received. `None` if the server does not say.
    pub call_count: Option<u64>,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The calls from one service to another.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DependencyEdge {
    /// The service that calls.
    pub source: String,
    /// The service that is called.
    pub target: String,
    /// The number of calls. `None` if the server does not say.
    pub call_count: Option<u64>,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl<'de> Deserialize<'de> for DependencyNode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::deserialize(deserializer)?;
        Ok(Self {
            id: fields.require("id")?,
            name: fields.take("name", text),
            call_count: fields.take("callCount", whole),
            other: fields.rest(),
        })
    }
}

impl<'de> Deserialize<'de> for DependencyEdge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::deserialize(deserializer)?;
        Ok(Self {
            source: fields.require("source")?,
            target: fields.require("target")?,
            call_count: fields.take("callCount", whole),
            other: fields.rest(),
        })
    }
}
