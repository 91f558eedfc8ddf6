//! Query strings, checked as the server's schema validator checks them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::reply::{self, Failure};
use crate::validate::{Zone, parse_time};

/// The parameters of a request in order, with repeated ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

/// Why a parameter is rejected.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refusal {
    /// 400 with the reason.
    Schema { place: &'static str, path: String, keyword: &'static str, parameters: Value, message: String },
    /// 500: the schema accepts it, but the database does not.
    Failure,
}

impl Parameters {
    pub(crate) fn parse(query: Option<&str>) -> Self {
        let uri = format!("/?{}", query.unwrap_or_default());
        let uri = uri.parse().unwrap_or_default();
        Self(axum::extract::Query::try_from_uri(&uri).map(|query| query.0).unwrap_or_default())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.each(name).next()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.each(name).map(String::from).collect()
    }

    /// Returns a parameter that may occur once.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.each(name);
        let first = values.next();
        if values.next().is_some() { Err(Refusal::kind(name, "string")) } else { Ok(first) }
    }

    /// Returns a time in milliseconds since the epoch.
    pub(crate) fn time(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let time = parse_time(text, Zone::Any);
        let time = time.ok_or_else(|| Refusal::format("querystring", name, "date-time"))?;
        Ok(Some(time))
    }

    /// Returns a required time.
    pub(crate) fn required_time(&self, name: &str) -> Result<i64, Refusal> {
        self.time(name)?.ok_or_else(|| Refusal::Schema {
            place: "querystring",
            path: String::new(),
            keyword: "required",
            parameters: json!({"missingProperty": name}),
            message: format!("must have required property '{name}'"),
        })
    }

    /// Returns a number within bounds. The validator accepts fractions, but the database does not.
    pub(crate) fn number(&self, name: &str, default: u32, min: u32, max: u32) -> Result<u32, Refusal> {
        let Some(text) = self.first(name) else { return Ok(default) };
        let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        let number = number.filter(|_| self.each(name).count() == 1);
        let number = number.ok_or_else(|| Refusal::kind(name, "number"))?;
        if number < f64::from(min) {
            return Err(Refusal::bound(name, "minimum", ">=", min));
        }
        if number > f64::from(max) {
            return Err(Refusal::bound(name, "maximum", "<=", max));
        }
        if number.fract() == 0.0 { Ok(number as u32) } else { Err(Refusal::Failure) }
    }

    /// Returns an optional number of at least 0.
    pub(crate) fn optional_number(&self, name: &str) -> Result<Option<u32>, Refusal> {
        self.has(name).then(|| self.number(name, 0, 0, u32::MAX)).transpose()
    }

    /// Returns `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.text(name)? {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::kind(name, "boolean")),
        }
    }

    /// Returns one of a few names.
    pub(crate) fn one_of<'a>(&'a self, name: &str, names: &[&str]) -> Result<Option<&'a str>, Refusal> {
        let value = self.text(name)?;
        if value.is_none_or(|value| names.contains(&value)) {
            Ok(value)
        } else {
            Err(Refusal::names(name, names))
        }
    }

    /// Returns any number of values, each one of a few names.
    pub(crate) fn all_of(&self, name: &str, names: &[&str]) -> Result<Vec<String>, Refusal> {
        let values = self.all(name);
        let known = values.iter().all(|value| names.contains(&value.as_str()));
        if known { Ok(values) } else { Err(Refusal::names(name, names)) }
    }

    fn each(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Refusal {
    fn kind(name: &str, kind: &str) -> Self {
        Self::Schema {
            place: "querystring",
            path: format!("/{name}"),
            keyword: "type",
            parameters: json!({"type": kind}),
            message: format!("must be {kind}"),
        }
    }

    fn bound(name: &str, keyword: &'static str, comparison: &str, limit: u32) -> Self {
        Self::Schema {
            place: "querystring",
            path: format!("/{name}"),
            keyword,
            parameters: json!({"comparison": comparison, "limit": limit}),
            message: format!("must be {comparison} {limit}"),
        }
    }

    fn names(name: &str, names: &[&str]) -> Self {
        Self::Schema {
            place: "querystring",
            path: format!("/{name}"),
            keyword: "enum",
            parameters: json!({"allowedValues": names}),
            message: "must be equal to one of the allowed values".into(),
        }
    }

    /// Creates a refusal of a text in the wrong format.
    pub(crate) fn format(place: &'static str, name: &str, format: &str) -> Self {
        Self::Schema {
            place,
            path: format!("/{name}"),
            keyword: "format",
            parameters: json!({"format": format}),
            message: format!("must match format \"{format}\""),
        }
    }

    /// Creates a refusal with its own message.
    pub(crate) fn other(name: &str, message: String) -> Self {
        Self::Schema {
            place: "querystring",
            path: format!("/{name}"),
            keyword: "format",
            parameters: json!({}),
            message,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self::Schema { place, path, keyword, parameters, message } = self else { return reply::failed() };
        let details = json!([{
            "instancePath": path,
            "schemaPath": format!("#/properties{path}/{keyword}"),
            "keyword": keyword,
            "params": parameters,
            "message": message,
        }]);
        let body = Failure {
            status_code: Some(400),
            error: &format!("{place}{path} {message}"),
            details: Some(details),
            code: Some("FST_ERR_VALIDATION"),
            ..Failure::default()
        };
        reply::json(StatusCode::BAD_REQUEST, &body)
    }
}
