//! What all entries and spans of a program come from.

/// What all entries and spans of a program come from, beside the service: attributes of the resource in each request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    pub(crate) attributes: Vec<(String, String)>,
}

impl Resource {
    /// A resource that tells the SDK: `telemetry.sdk.name`, `telemetry.sdk.language` and `telemetry.sdk.version`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an attribute, in place of a former one of that name.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.attributes.retain(|(other, _)| *other != name);
        self.attributes.push((name, value.into()));
        self
    }
}
