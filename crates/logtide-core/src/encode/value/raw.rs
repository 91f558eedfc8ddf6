//! Values that `serde_json` passes through serde as text when the application turns on its features.

use serde::Serialize;

use super::{Content, is_exact, write_string, write_value};

/// What a struct of `serde_json`'s own stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A number as written, with `arbitrary_precision`.
    Number,
    /// JSON as written, with `raw_value`.
    Json,
}

impl Kind {
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
            Self::Number => write_number(out, &text),
            Self::Json => {
                let parsed: serde_json::Value = serde_json::from_str(&text)?;
                write_value(out, depth, content, &parsed);
            }
        }
        Ok(())
    }
}

/// An integer that a double does not hold stays exact as a string; so does a number beyond a double's range.
fn write_number(out: &mut Vec<u8>, text: &str) {
    let kept = match text.parse::<i128>() {
        Ok(integer) => is_exact(integer),
        Err(_) => text.parse::<f64>().is_ok_and(f64::is_finite) && text.contains(['.', 'e', 'E']),
    };
    // Rust reads numbers that JSON does not have, such as `+1`.
    if kept && serde_json::from_str::<serde_json::Number>(text).is_ok() {
        out.extend_from_slice(text.as_bytes());
    } else {
        write_string(out, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    #[serde(rename = "$serde_json::private::Number")]
    struct Number {
        #[serde(rename = "$serde_json::private::Number")]
        text: &'static str,
    }

    #[derive(Serialize)]
    #[serde(rename = "$serde_json::private::RawValue")]
    struct Raw {
        #[serde(rename = "$serde_json::private::RawValue")]
        text: &'static str,
    }

    fn json(value: &impl Serialize) -> String {
        let mut out = Vec::new();
        write_value(&mut out, 0, Content::unchanged(), value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_of_arbitrary_precision_stay_exact() {
        for (text, expected) in [
            ("12", "12"),
            ("-1.5e3", "-1.5e3"),
            ("18446744073709551615", r#""18446744073709551615""#),
            ("340282366920938463463374607431768211456000", r#""340282366920938463463374607431768211456000""#),
            ("1e400", r#""1e400""#),
            ("+1", r#""+1""#),
            (".5", r#"".5""#),
        ] {
            assert_eq!(json(&Number { text }), expected);
        }
    }

    #[test]
    fn raw_json_is_mended_as_any_other() {
        assert_eq!(
            json(&Raw { text: r#"{"a\u0000b": 18446744073709551615}"# }),
            "{\"a\u{fffd}b\":\"18446744073709551615\"}"
        );
        assert!(json(&Raw { text: "{" }).starts_with("\"[not serializable: "));
    }
}
