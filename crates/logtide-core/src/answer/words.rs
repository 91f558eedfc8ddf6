//! The server's own words, whichever of its shapes they come in.

use serde_json::{Map, Value};

/// Details that are shown; one bad parameter gives one or two.
const MAX_DETAILS: usize = 5;

/// What an answer that is no success says.
pub(super) struct Words(Map<String, Value>);

impl Words {
    pub(super) fn of(body: &[u8]) -> Self {
        Self(serde_json::from_slice(body).unwrap_or_default())
    }

    pub(super) fn code(&self) -> Option<&str> {
        self.field("code")
    }

    /// The text is in `message` when there is one, else in `error`, and in answers to OTLP requests in `partialSuccess`. Which parameter is
    /// meant may only be in `details`.
    pub(super) fn text(&self) -> Option<String> {
        let text = self.field("message").or_else(|| self.field("error")).or_else(|| self.partial_success());
        let mut text = text?.to_owned();
        for detail in self.details(&text) {
            text.push_str("; ");
            text.push_str(&detail);
        }
        Some(text)
    }

    fn partial_success(&self) -> Option<&str> {
        self.0.get("partialSuccess")?.get("errorMessage")?.as_str().filter(|text| !text.is_empty())
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// What the details say beyond `text`.
    fn details(&self, text: &str) -> Vec<String> {
        let mut details = Vec::new();
        match self.0.get("details") {
            Some(Value::Array(items)) => {
                items.iter().for_each(|item| schema_detail(item, text, &mut details));
            }
            Some(Value::Object(fields)) => nested_details("", fields, &mut details),
            _ => {}
        }
        details.truncate(MAX_DETAILS);
        details
    }
}

/// `{"instancePath":"/level","message":"must be …","params":{"allowedValues":["debug",…]}}`
fn schema_detail(item: &Value, text: &str, details: &mut Vec<String>) {
    let path = item["instancePath"].as_str().unwrap_or_default();
    if let Some(message) = item["message"].as_str().filter(|message| !text.contains(message)) {
        details.push(format!("{path} {message}").trim().to_owned());
    }
    if let Some(allowed) = item["params"]["allowedValues"].as_array() {
        let allowed: Vec<&str> = allowed.iter().filter_map(Value::as_str).collect();
        let allowed = format!("allowed are {}", allowed.join(", "));
        if !details.contains(&allowed) {
            details.push(allowed);
        }
    }
}

/// `{"limit":{"_errors":["…"]}}`, to any depth.
fn nested_details(path: &str, fields: &Map<String, Value>, details: &mut Vec<String>) {
    for (name, value) in fields {
        match value {
            Value::Array(errors) if name == "_errors" => {
                let errors = errors.iter().filter_map(Value::as_str);
                details.extend(errors.map(|error| format!("{path} {error}").trim().to_owned()));
            }
            Value::Object(fields) => {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                nested_details(&path, fields, details);
            }
            _ => {}
        }
    }
}
