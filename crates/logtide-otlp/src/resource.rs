//! The attributes that all entries and spans of a program share.

use logtide_core::Json;

use crate::{
    protobuf::{Open, length_tag, put_bytes},
    text::without_nul,
};

/// The attributes that all entries and spans of a program share, apart from the service. They are part of the resource in each
/// request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Already fixed for the server.
    pub(crate) attributes: Vec<(String, String)>,
}

/// The attribute for the service, which each entry sets.
pub(crate) const SERVICE_NAME: &str = "service.name";

impl Resource {
    /// Creates a resource that names the SDK: `telemetry.sdk.name`, `telemetry.sdk.language` and `telemetry.sdk.version`.
    #[must_use]
    pub fn new() -> Self {
        Self { attributes: Vec::new() }
            .attribute("telemetry.sdk.name", Json::SDK_NAME)
            .attribute("telemetry.sdk.language", "rust")
            .attribute("telemetry.sdk.version", env!("CARGO_PKG_VERSION"))
    }

    /// Adds an attribute, replacing one of the same name.
    ///
    /// The name `service.name` is ignored, because each entry has its own service.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = without_nul(&name.into()).into_owned();
        if name != SERVICE_NAME {
            self.attributes.retain(|(other, _)| *other != name);
            self.attributes.push((name, without_nul(&value.into()).into_owned()));
        }
        self
    }

    /// Appends the attributes as fields with this number.
    pub(crate) fn write(&self, field: u8, out: &mut Vec<u8>) {
        for (name, value) in &self.attributes {
            put_attribute(out, field, name, value);
        }
    }
}

/// Appends a string attribute.
pub(crate) fn put_attribute(out: &mut Vec<u8>, field: u8, name: &str, value: &str) {
    out.push(length_tag(field));
    let entry = Open::short(out);
    put_bytes(out, 1, name.as_bytes());
    out.push(length_tag(2));
    let any = Open::short(out);
    put_bytes(out, 1, value.as_bytes());
    any.end(out);
    entry.end(out);
}

impl Default for Resource {
    fn default() -> Self {
        Self::new()
    }
}
