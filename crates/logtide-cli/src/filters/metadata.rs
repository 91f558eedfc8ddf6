//! Filters of metadata.

use logtide::MetadataFilter;
use serde_json::{Map, Value};

/// A condition on one key of the metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Exists,
    Equals(String),
    Differs(String),
    Contains(String),
}

impl Condition {
    /// Parses `key=value`, `key!=value`, `key~part` or `key`, for clap.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let end = text.find(['=', '~', '!']).unwrap_or(text.len());
        let (key, rest) = text.split_at(end);
        let test = match rest {
            "" => Test::Exists,
            _ => match (rest.strip_prefix("!="), rest.strip_prefix('='), rest.strip_prefix('~')) {
                (Some(value), ..) => Test::Differs(value.to_owned()),
                (_, Some(value), _) => Test::Equals(value.to_owned()),
                (.., Some(part)) => Test::Contains(part.to_owned()),
                _ => return Err("write key=value, key!=value, key~part or key".to_owned()),
            },
        };
        match key.trim() {
            "" => Err("write a key before the value, as in tenant=a".to_owned()),
            key => Ok(Self { key: key.to_owned(), test }),
        }
    }

    /// Returns the filter for the server.
    pub(super) fn filter(&self) -> MetadataFilter {
        match &self.test {
            Test::Exists => MetadataFilter::exists(&*self.key),
            Test::Equals(value) => MetadataFilter::equals(&*self.key, value),
            Test::Differs(value) => MetadataFilter::not_equals(&*self.key, value).include_missing(),
            Test::Contains(part) => MetadataFilter::contains(&*self.key, part),
        }
    }

    /// Whether metadata match, as on the server: by top-level keys, and by the text of values. Null has no text.
    pub(super) fn holds(&self, metadata: &Map<String, Value>) -> bool {
        let value = metadata.get(&self.key).filter(|value| !value.is_null());
        match &self.test {
            Test::Exists => metadata.contains_key(&self.key),
            Test::Equals(text) => value.is_some_and(|value| equals(value, text)),
            Test::Differs(text) => !value.is_some_and(|value| equals(value, text)),
            Test::Contains(part) => {
                value.is_some_and(|value| text_of(value).to_lowercase().contains(&part.to_lowercase()))
            }
        }
    }
}

fn equals(value: &Value, text: &str) -> bool {
    // A number can be written in several ways, and the server's way is not known.
    let same_number = || value.is_number() && value.as_f64() == text.trim().parse().ok();
    text_of(value) == text || same_number()
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_form() {
        let Value::Object(metadata) =
            json!({"tenant": "Acme", "status": 200, "ratio": 1.0, "ok": true, "none": null})
        else {
            unreachable!()
        };
        for (text, expected) in [
            ("tenant", true),
            ("absent", false),
            ("tenant=Acme", true),
            ("tenant=acme", false),
            ("tenant!=acme", true),
            ("absent!=x", true),
            ("none", true),
            ("none=null", false),
            ("none!=null", true),
            ("status!=200", false),
            ("status=200", true),
            ("ratio=1", true),
            ("ok=true", true),
            ("tenant~cm", true),
            ("tenant~CM", true),
            ("status~5", false),
            ("tenant=", false),
        ] {
            assert_eq!(Condition::parse(text).unwrap().holds(&metadata), expected, "{text}");
        }
        for text in ["", "=x", "!x", "key!"] {
            assert!(Condition::parse(text).is_err(), "{text}");
        }
    }
}
