//! Values that `serde_json` passes through serde as text if the application enables its features.

use serde::Serialize;

use super::{super::layout::NUMBER, Content, Value, write_value};

/// The meaning of a private struct of `serde_json`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RawKind {
    /// A number as written, with `arbitrary_precision`.
    Number,
    /// JSON as written, with `raw_value`.
    Json,
}

impl RawKind {
    pub(crate) fn of(struct_name: &str) -> Option<Self> {
        match struct_name {
            "$serde_json::private::Number" => Some(Self::Number),
            "$serde_json::private::RawValue" => Some(Self::Json),
            _ => None,
        }
    }

    pub(super) fn write<T: Serialize + ?Sized>(
        self,
        out: &mut Vec<u8>,
        depth: usize,
        content: &Content,
        value: &T,
    ) -> Result<(), serde_json::Error> {
        let quoted = serde_json::to_vec(value)?;
        let text: String = serde_json::from_slice(&quoted)?;
        match self {
            Self::Number => {
                out.push(NUMBER);
                out.extend_from_slice(&(text.len() as u32).to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            Self::Json => {
                let parsed: serde_json::Value = serde_json::from_str(&text)?;
                write_value(out, depth, content, &parsed);
            }
        }
        Ok(())
    }
}

/// A value as the text of its JSON. A text unchanged.
pub(super) fn json_text(value: Value<'_>) -> String {
    match value {
        Value::Text(text) | Value::Number(text) => text.to_owned(),
        Value::F32(value) if value.is_finite() => zmij::Buffer::new().format_finite(value).to_owned(),
        Value::F64(value) if value.is_finite() => zmij::Buffer::new().format_finite(value).to_owned(),
        other => match json(other) {
            serde_json::Value::String(text) => text,
            json => json.to_string(),
        },
    }
}

fn json(value: Value<'_>) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => value.into(),
        Value::Unsigned(value) => value.into(),
        Value::Signed(value) => value.into(),
        Value::Unsigned128(value) => value.to_string().into(),
        Value::Signed128(value) => value.to_string().into(),
        Value::F32(value) => float(value.into()),
        Value::F64(value) => float(value),
        Value::Text(text) | Value::Number(text) => text.into(),
        Value::Array(values) => values.map(json).collect(),
        Value::Object(entries) => entries.map(|(key, value)| (key.to_owned(), json(value))).collect(),
        Value::TooDeep => "[nested too deep]".into(),
        Value::Unserializable(error) => format!("[not serializable: {error}]").into(),
    }
}

fn float(value: f64) -> serde_json::Value {
    if value.is_finite() {
        value.into()
    } else if value.is_nan() {
        "NaN".into()
    } else if value > 0.0 {
        "Infinity".into()
    } else {
        "-Infinity".into()
    }
}
