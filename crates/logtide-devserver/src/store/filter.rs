//! Filters on top-level metadata keys.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

/// The most filters of one query.
const MAX_FILTERS: usize = 10;

/// One element of the `metadata_filters` parameter.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct MetadataFilter {
    key: String,
    op: Operator,
    #[serde(default)]
    value: Option<Value>,
    #[serde(default)]
    values: Vec<Value>,
    /// Whether entries without the key match `not_equals` and `not_in` too.
    #[serde(default)]
    include_missing: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Operator {
    Equals,
    NotEquals,
    In,
    NotIn,
    Exists,
    NotExists,
    Contains,
}

/// Why a list of filters is rejected.
#[derive(Debug, Error)]
pub(crate) enum InvalidFilter {
    #[error("metadata_filters must be a JSON array of filters: {0}")]
    Json(#[from] serde_json::Error),
    #[error("metadata_filters must NOT have more than 10 items")]
    TooMany,
    #[error("metadata_filters: '{0}' needs a value")]
    MissingValue(String),
}

impl MetadataFilter {
    /// Matches metadata that has a value at a key.
    pub(crate) fn equals(key: &str, value: &str) -> Self {
        Self {
            key: key.to_owned(),
            op: Operator::Equals,
            value: Some(Value::String(value.to_owned())),
            values: Vec::new(),
            include_missing: false,
        }
    }

    /// Parses the parameter.
    pub(crate) fn parse(text: &str) -> Result<Vec<Self>, InvalidFilter> {
        let filters: Vec<Self> = serde_json::from_str(text)?;
        if filters.len() > MAX_FILTERS {
            return Err(InvalidFilter::TooMany);
        }
        match filters.iter().find(|filter| filter.lacks_value()) {
            Some(filter) => Err(InvalidFilter::MissingValue(filter.key.clone())),
            None => Ok(filters),
        }
    }

    /// Whether metadata, a JSON object as text, matches.
    pub(crate) fn matches(&self, metadata: Option<&str>) -> bool {
        let members: HashMap<Cow<'_, str>, &RawValue> =
            metadata.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let member = members.get(self.key.as_str()).map(|raw| raw.get());
        let found = member.and_then(shown_raw);
        match self.op {
            Operator::Equals => found.is_some() && found == self.value.as_ref().map(shown),
            Operator::NotEquals => self.differs(found.as_deref(), self.value.as_slice()),
            Operator::In => found.is_some_and(|found| self.values.iter().any(|value| shown(value) == found)),
            Operator::NotIn => self.differs(found.as_deref(), &self.values),
            Operator::Exists => member.is_some(),
            Operator::NotExists => member.is_none(),
            Operator::Contains => found
                .zip(self.value.as_ref())
                .is_some_and(|(found, value)| found.to_lowercase().contains(&shown(value).to_lowercase())),
        }
    }

    fn differs(&self, found: Option<&str>, values: &[Value]) -> bool {
        found.map_or(self.include_missing, |found| values.iter().all(|value| shown(value) != found))
    }

    fn lacks_value(&self) -> bool {
        match self.op {
            Operator::Equals | Operator::NotEquals | Operator::Contains => self.value.is_none(),
            Operator::In | Operator::NotIn => self.values.is_empty(),
            Operator::Exists | Operator::NotExists => false,
        }
    }
}

/// Returns a value as the database formats it: strings without their quotes, others as JSON.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), String::from)
}

/// Does the same for JSON text; `null` has no value.
fn shown_raw(raw: &str) -> Option<String> {
    match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw).ok(),
        Some(b'n') => None,
        _ => Some(raw.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operator_reads_top_level_keys_as_text() {
        let metadata = r#"{"a":"Red","n":5,"null":null,"o":{"k":"v"}}"#;
        for (filter, expected) in [
            (r#"{"key":"a","op":"equals","value":"Red"}"#, true),
            (r#"{"key":"a","op":"equals","value":"red"}"#, false),
            (r#"{"key":"n","op":"equals","value":"5"}"#, true),
            (r#"{"key":"n","op":"equals","value":5}"#, true),
            (r#"{"key":"o.k","op":"equals","value":"v"}"#, false),
            (r#"{"key":"a","op":"not_equals","value":"Blue"}"#, true),
            (r#"{"key":"a","op":"not_equals","value":"Red"}"#, false),
            (r#"{"key":"z","op":"not_equals","value":"Red"}"#, false),
            (r#"{"key":"z","op":"not_equals","value":"Red","include_missing":true}"#, true),
            (r#"{"key":"a","op":"in","values":["Blue","Red"]}"#, true),
            (r#"{"key":"a","op":"in","values":["Blue"]}"#, false),
            (r#"{"key":"a","op":"not_in","values":["Blue"]}"#, true),
            (r#"{"key":"z","op":"not_in","values":["Blue"]}"#, false),
            (r#"{"key":"z","op":"not_in","values":["Blue"],"include_missing":true}"#, true),
            (r#"{"key":"null","op":"exists"}"#, true),
            (r#"{"key":"z","op":"exists"}"#, false),
            (r#"{"key":"z","op":"not_exists"}"#, true),
            (r#"{"key":"a","op":"contains","value":"ED"}"#, true),
            (r#"{"key":"a","op":"contains","value":"green"}"#, false),
        ] {
            let filters = MetadataFilter::parse(&format!("[{filter}]")).expect("a valid filter");
            assert_eq!(filters[0].matches(Some(metadata)), expected, "{filter}");
        }
        let absent = MetadataFilter::parse(r#"[{"key":"a","op":"not_exists"}]"#).expect("a valid filter");
        assert!(absent[0].matches(None));
    }

    #[test]
    fn refuses_lists_that_mean_nothing() {
        let many = format!("[{}]", [r#"{"key":"a","op":"exists"}"#; 11].join(","));
        for text in ["", "{}", r#"[{"key":"a","op":"like"}]"#, r#"[{"key":"a","op":"equals"}]"#, &many] {
            assert!(MetadataFilter::parse(text).is_err(), "{text}");
        }
    }
}
