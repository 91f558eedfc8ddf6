//! The server's own words, whichever of its shapes they come in.

use http::header::CONTENT_TYPE;
use logtide_transport::{Answer, Request};
use serde_json::{Map, Value};

/// Servers before version 1.0 put whole SQL statements into their messages.
const MAX_CHARS: usize = 500;

/// Details that are shown; one bad parameter gives one or two.
const MAX_DETAILS: usize = 5;

/// What an answer that is no success says.
pub(super) struct Words {
    body: Map<String, Value>,
    otherwise: String,
}

impl Words {
    pub(super) fn of(answer: &Answer) -> Self {
        let reason = answer.status.canonical_reason().unwrap_or("no reason given");
        let content_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let otherwise = match content_type.filter(|content_type| content_type.contains("html")) {
            Some(_) => format!("{reason}, a web page: it may come from a proxy in front of the server"),
            None => reason.to_owned(),
        };
        Self { body: serde_json::from_slice(&answer.body).unwrap_or_default(), otherwise }
    }

    pub(super) fn code(&self) -> Option<&str> {
        self.field("code")
    }

    /// One line without control characters and without the secrets of the request.
    ///
    /// The text is in `message` when there is one, else in `error`; where there is neither, the status has to do. Which
    /// parameter is meant may only be in `details`.
    pub(super) fn text(&self, request: &Request) -> String {
        let mut text =
            self.field("message").or_else(|| self.field("error")).unwrap_or(&self.otherwise).to_owned();
        for detail in self.details(&text) {
            text.push_str("; ");
            text.push_str(&detail);
        }
        speakable(&text, request)
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// What the details say beyond `text`.
    fn details(&self, text: &str) -> Vec<String> {
        let mut details = Vec::new();
        match self.body.get("details") {
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

/// One short line of a text from elsewhere, without the secrets of the request.
pub(super) fn speakable(text: &str, request: &Request) -> String {
    let mut text = text.to_owned();
    for secret in request.headers.values().filter(|value| value.is_sensitive()) {
        // A proxy may quote the request that it refuses.
        text = text.replace(secret.to_str().unwrap_or("\n"), "***");
    }
    // The text may end up on a terminal.
    let text = text.replace(char::is_control, " ");
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
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
