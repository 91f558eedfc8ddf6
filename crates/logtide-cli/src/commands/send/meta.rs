//! Metadata from the command line.

use std::str::FromStr;

use serde_json::Value;

/// `KEY=VALUE`. Whole numbers, `true` and `false` keep their type; anything else is a string.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meta {
    pub(super) key: String,
    pub(super) value: Value,
}

impl FromStr for Meta {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or("use KEY=VALUE")?;
        let number = value.parse::<i64>().ok().filter(|number| number.to_string() == value);
        let value = match (value, number) {
            ("true", _) => Value::Bool(true),
            ("false", _) => Value::Bool(false),
            (_, Some(number)) => number.into(),
            _ => value.into(),
        };
        Ok(Self { key: key.to_owned(), value })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_text_unless_nothing_of_them_is_lost_otherwise() {
        for (text, value) in [
            ("k=1.2.3", json!("1.2.3")),
            ("k=42", json!(42)),
            ("k=007", json!("007")),
            ("k=1.10", json!("1.10")),
            ("k=true", json!(true)),
            ("k=a=b", json!("a=b")),
            ("k=", json!("")),
        ] {
            assert_eq!(text.parse(), Ok(Meta { key: "k".to_owned(), value }), "{text}");
        }
        assert!("k".parse::<Meta>().is_err() && "=v".parse::<Meta>().is_err());
    }
}
