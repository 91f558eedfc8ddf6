//! What an OTLP receiver rejected.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;

/// The names of the count: in the JSON form of protobuf, and in protobuf itself.
const COUNTS: [&str; 4] = ["rejectedLogRecords", "rejectedSpans", "rejected_log_records", "rejected_spans"];

/// How many entries or spans a body reports as rejected:
/// `{"partialSuccess":{"rejectedSpans":"3","errorMessage":"…"}}`. If only the beginning of the body is known, it must
/// contain the whole count.
///
/// # Errors
///
/// The body is not a JSON object, has only unknown fields, or ends too early.
pub(super) fn rejected(body: &[u8], is_whole: bool) -> Result<usize, serde_json::Error> {
    let mut seen = Seen::default();
    let mut reader = serde_json::Deserializer::from_slice(body);
    match seen.deserialize(&mut reader) {
        Ok(()) if seen.has_other_fields && !seen.has_result => Err(Error::missing_field("partialSuccess")),
        Ok(()) => Ok(seen.rejected.unwrap_or_default()),
        Err(error) if is_whole || !error.is_eof() => Err(error),
        // A number at the end may be incomplete.
        Err(error) if seen.ends_in_count && body.last().is_some_and(u8::is_ascii_digit) => Err(error),
        Err(error) => seen.rejected.ok_or(error),
    }
}

/// What is known while the body is read.
#[derive(Default)]
struct Seen {
    is_inside: bool,
    has_result: bool,
    has_other_fields: bool,
    /// Whether nothing follows the count so far.
    ends_in_count: bool,
    rejected: Option<usize>,
}

impl<'de> DeserializeSeed<'de> for &mut Seen {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.is_inside { deserializer.deserialize_any(self) } else { deserializer.deserialize_map(self) }
    }
}

impl<'de> Visitor<'de> for &mut Seen {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the answer of an OTLP receiver")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(name) = fields.next_key::<String>()? {
            self.ends_in_count = false;
            match name.as_str() {
                "partialSuccess" | "partial_success" if !self.is_inside => {
                    (self.is_inside, self.has_result) = (true, true);
                    fields.next_value_seed(&mut *self)?;
                    self.is_inside = false;
                }
                name if self.is_inside && COUNTS.contains(&name) => {
                    self.rejected = Some(fields.next_value::<Count>()?.0);
                    self.ends_in_count = true;
                }
                _ => {
                    self.has_other_fields |= !self.is_inside;
                    let _: IgnoredAny = fields.next_value()?;
                }
            }
        }
        Ok(())
    }
}

/// A number, or a string with its digits, which is how protobuf's JSON form writes 64 bits.
struct Count(usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_i64(),
            Value::String(digits) => digits.parse().ok(),
            _ => None,
        };
        Ok(Self(number.and_then(|number| usize::try_from(number).ok()).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Option<usize> {
        rejected(body.as_bytes(), true).ok()
    }

    #[test]
    fn the_count_is_read_in_any_form() {
        for (body, expected) in [
            ("{}", 0),
            (r#"{"partialSuccess":{}}"#, 0),
            (r#"{"partialSuccess":null}"#, 0),
            (r#"{"partialSuccess":{"rejectedLogRecords":0,"errorMessage":""}}"#, 0),
            (r#"{"partialSuccess":{"rejectedLogRecords":3}}"#, 3),
            (r#"{"partialSuccess":{"errorMessage":"a","rejectedSpans":"4"}}"#, 4),
            (r#"{"partial_success":{"rejected_spans":5}}"#, 5),
            (r#"{"partialSuccess":{"rejectedSpans":-1}}"#, 0),
            (r#"{"partialSuccess":{"rejectedSpans":"many"}}"#, 0),
            (r#"{"rejectedSpans":7,"partialSuccess":{},"other":[{"rejectedSpans":7}]}"#, 0),
        ] {
            assert_eq!(of(body), Some(expected), "{body}");
        }
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        for body in [
            "",
            "[]",
            "3",
            "\"text\"",
            "<html>",
            "{\"a\"",
            r#"{"partialSuccess":[]}"#,
            r#"{"error":"sign in"}"#,
        ] {
            assert_eq!(of(body), None, "{body}");
        }
    }

    #[test]
    fn the_beginning_of_a_body_counts_once_the_number_is_whole() {
        let whole = r#"{"partialSuccess":{"rejectedSpans":12,"errorMessage":"long"#;
        assert_eq!(rejected(whole.as_bytes(), false).ok(), Some(12));
        let digit = r#"{"partialSuccess":{"rejectedSpans":12,"errorMessage":"of 2"#;
        assert_eq!(rejected(digit.as_bytes(), false).ok(), Some(12));
        let cut = r#"{"partialSuccess":{"rejectedSpans":1"#;
        assert_eq!(rejected(cut.as_bytes(), false).ok(), None);
        assert_eq!(rejected(br#"{"partialSuccess":{"errorMes"#, false).ok(), None);
    }
}
