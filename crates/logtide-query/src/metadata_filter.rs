//! Metadata filters.

use std::fmt::Display;

use serde::Serialize;

use crate::QueryError;

/// The maximum number of filters in one query.
const MAX_FILTERS: usize = 10;

/// A condition on one key of the metadata, for [`QueryOptions::metadata`](crate::QueryOptions::metadata).
///
/// Only top-level keys can be used. Values are compared as text, so `200` matches the number and the string. Servers
/// before version 1.0 ignore filters and return everything.
///
/// ```
/// use logtide_query::{MetadataFilter, QueryOptions};
///
/// let options = QueryOptions::new()
///     .metadata(MetadataFilter::equals("tenant", "a"))
///     .metadata(MetadataFilter::not_in("status", [200, 204]).include_missing());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MetadataFilter {
    key: String,
    op: Operator,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<String>>,
    #[serde(skip_serializing_if = "is_false")]
    include_missing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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

impl MetadataFilter {
    /// Matches entries whose key has this value.
    #[must_use]
    pub fn equals(key: impl Into<String>, value: impl Display) -> Self {
        Self::with_value(key, Operator::Equals, value)
    }

    /// Matches entries whose key has another value. Entries without the key match only with
    /// [`include_missing`](Self::include_missing).
    #[must_use]
    pub fn not_equals(key: impl Into<String>, value: impl Display) -> Self {
        Self::with_value(key, Operator::NotEquals, value)
    }

    /// Matches entries whose key has one of these values.
    #[must_use]
    pub fn is_in(key: impl Into<String>, values: impl IntoIterator<Item = impl Display>) -> Self {
        Self::with_values(key, Operator::In, values)
    }

    /// Matches entries whose key has none of these values. Entries without the key match only with
    /// [`include_missing`](Self::include_missing).
    #[must_use]
    pub fn not_in(key: impl Into<String>, values: impl IntoIterator<Item = impl Display>) -> Self {
        Self::with_values(key, Operator::NotIn, values)
    }

    /// Matches entries that have the key.
    #[must_use]
    pub fn exists(key: impl Into<String>) -> Self {
        Self::new(key, Operator::Exists)
    }

    /// Matches entries that do not have the key.
    #[must_use]
    pub fn not_exists(key: impl Into<String>) -> Self {
        Self::new(key, Operator::NotExists)
    }

    /// Matches entries whose value contains this text, ignoring case.
    #[must_use]
    pub fn contains(key: impl Into<String>, part: impl Display) -> Self {
        Self::with_value(key, Operator::Contains, part)
    }

    /// Makes [`not_equals`](Self::not_equals) and [`not_in`](Self::not_in) match entries without the key.
    #[must_use]
    pub fn include_missing(mut self) -> Self {
        self.include_missing = true;
        self
    }

    fn new(key: impl Into<String>, op: Operator) -> Self {
        Self { key: key.into(), op, value: None, values: None, include_missing: false }
    }

    fn with_value(key: impl Into<String>, op: Operator, value: impl Display) -> Self {
        Self { value: Some(value.to_string()), ..Self::new(key, op) }
    }

    fn with_values(
        key: impl Into<String>,
        op: Operator,
        values: impl IntoIterator<Item = impl Display>,
    ) -> Self {
        let values = values.into_iter().map(|value| value.to_string()).collect();
        Self { values: Some(values), ..Self::new(key, op) }
    }
}

/// The value of the parameter `metadata_filters`, or `None` if there are no filters.
pub(crate) fn encode(filters: &[MetadataFilter]) -> Result<Option<String>, QueryError> {
    if filters.len() > MAX_FILTERS {
        return Err(QueryError::TooManyFilters(filters.len()));
    }
    let is_empty = |filter: &&MetadataFilter| filter.values.as_ref().is_some_and(Vec::is_empty);
    if let Some(empty) = filters.iter().find(is_empty) {
        return Err(QueryError::EmptyFilter(empty.key.clone()));
    }
    Ok((!filters.is_empty())
        .then(|| serde_json::to_string(filters).expect("texts and names are always JSON")))
}

fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_has_the_form_that_the_server_knows() {
        let filters = [
            MetadataFilter::equals("tenant", "a\"b"),
            MetadataFilter::not_equals("status", 200).include_missing(),
            MetadataFilter::is_in("region", ["eu", "us"]),
            MetadataFilter::not_in("retries", [1, 2]),
            MetadataFilter::exists("user"),
            MetadataFilter::not_exists("user"),
            MetadataFilter::contains("path", "/api"),
        ];
        let expected = [
            r#"[{"key":"tenant","op":"equals","value":"a\"b"}"#,
            r#"{"key":"status","op":"not_equals","value":"200","include_missing":true}"#,
            r#"{"key":"region","op":"in","values":["eu","us"]}"#,
            r#"{"key":"retries","op":"not_in","values":["1","2"]}"#,
            r#"{"key":"user","op":"exists"}"#,
            r#"{"key":"user","op":"not_exists"}"#,
            r#"{"key":"path","op":"contains","value":"/api"}]"#,
        ];
        assert_eq!(encode(&filters).unwrap().unwrap(), expected.join(","));
        assert_eq!(encode(&[]).unwrap(), None);
    }

    #[test]
    fn what_the_server_would_refuse_is_refused_here() {
        let filters = vec![MetadataFilter::exists("a"); 10];
        assert!(encode(&filters).is_ok());
        let error = encode(&[filters, vec![MetadataFilter::exists("b")]].concat()).unwrap_err();
        assert_eq!(error.to_string().split(':').next(), Some("there are 11 metadata filters"));

        let error = encode(&[MetadataFilter::is_in("region", [""; 0])]).unwrap_err();
        assert!(error.to_string().contains("`region`"), "{error}");
    }
}
