//! Lines that are JSON objects.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    super::parsed::{Field, Parsed},
    time::Zone,
};

/// Parses an object. `None` if the text is not one.
pub(super) fn parse(line: &str, zone: Zone) -> Option<Parsed<'_>> {
    if !line.trim_start().starts_with('{') {
        return None;
    }
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let mut parsed = deserializer.deserialize_map(Object(zone)).ok()?;
    deserializer.end().ok()?;
    parsed.complete();
    Some(parsed)
}

struct Object(Zone);

impl<'de> Visitor<'de> for Object {
    type Value = Parsed<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parsed<'de>, A::Error> {
        let mut parsed = Parsed::default();
        while let Some((Text(key), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
            parsed.add(key, field(value.get()), self.0);
        }
        Ok(parsed)
    }
}

/// A string, borrowed if it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowed;
        impl<'de> Visitor<'de> for Borrowed {
            type Value = Text<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Borrowed)
    }
}

/// Returns a value whose text is valid JSON. A value without an exact type, such as a number with many digits, stays a string.
fn field(json: &str) -> Field<'_> {
    let text = || Field::Text(Cow::Borrowed(json));
    match json.as_bytes() {
        [b'"', inner @ .., b'"'] if memchr::memchr(b'\\', inner).is_none() => {
            Field::Text(Cow::Borrowed(&json[1..json.len() - 1]))
        }
        [b'"', ..] => {
            serde_json::from_str(json).map_or_else(|_| text(), |text| Field::Text(Cow::Owned(text)))
        }
        [b'{' | b'[', ..] => serde_json::from_str(json).map_or_else(|_| text(), Field::Tree),
        b"null" => Field::Null,
        b"true" => Field::Bool(true),
        b"false" => Field::Bool(false),
        _ => number(json).unwrap_or_else(text),
    }
}

fn number(json: &str) -> Option<Field<'_>> {
    if json.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        return json.parse().ok().filter(|number: &f64| number.is_finite()).map(Field::Float);
    }
    json.parse().map(Field::Unsigned).or_else(|_| json.parse().map(Field::Signed)).ok()
}
