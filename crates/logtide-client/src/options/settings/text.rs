//! Conversion of texts to values.

use std::{fmt, marker::PhantomData, str::FromStr};

use logtide_core::{ErrorFormat, GiveUp, Level};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

/// The only key of the map by which serde_json represents a number if any crate of the program enables its feature
/// `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// Removes white space and byte order marks, which some editors add, from both ends.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|char: char| char.is_whitespace() || char == '\u{feff}')
}

/// A value that can be parsed from a trimmed text.
pub(super) trait FromText: Sized {
    /// The expected form of the text.
    const EXPECTED: &'static str;

    fn from_text(text: &str) -> Option<Self>;
}

/// A value that a file gives as a number, a boolean or a string.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Read<T>(pub(super) T);

/// A trimmed text.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(from = "String")]
pub(super) struct Text(pub(super) String);

impl Text {
    /// The text, unless it is empty.
    pub(super) fn given(self) -> Option<String> {
        Some(self.0).filter(|text| !text.is_empty())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(trim(&text).to_owned())
    }
}

macro_rules! from_text {
    ($($kind:ty: $expected:literal,)*) => {$(
        impl FromText for $kind {
            const EXPECTED: &'static str = $expected;

            fn from_text(text: &str) -> Option<Self> {
                Self::from_str(text).ok()
            }
        }
    )*};
}

from_text! {
    usize: "a whole number",
    u32: "a whole number",
    f64: "a number such as 0.5",
}

#[cfg(feature = "spool")]
from_text! {
    u64: "a whole number",
}

impl FromText for Level {
    const EXPECTED: &'static str = "debug, info, warn, error or critical";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl FromText for GiveUp {
    const EXPECTED: &'static str = "never or after_retries";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl FromText for ErrorFormat {
    const EXPECTED: &'static str = "both, exception or error";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl FromText for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_text(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => None,
        }
    }
}

impl<'de, T: FromText> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadVisitor(PhantomData))
    }
}

struct ReadVisitor<T>(PhantomData<T>);

impl<'de, T: FromText> Visitor<'de> for ReadVisitor<T> {
    type Value = Read<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Read<T>, E> {
        // The text may be a key in the wrong place.
        let wrong = || E::custom(format_args!("expected {}", T::EXPECTED));
        T::from_text(trim(text)).map(Read).ok_or_else(wrong)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Read<T>, E> {
        self.visit_str(if value { "true" } else { "false" })
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Read<T>, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Read<T>, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Read<T>, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Read<T>, A::Error> {
        match fields.next_key::<String>()? {
            Some(key) if key == NUMBER => self.visit_str(&fields.next_value::<String>()?),
            _ => Err(A::Error::custom(format_args!("expected {}", T::EXPECTED))),
        }
    }
}
