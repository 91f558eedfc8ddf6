//! Entry counts, which servers send as numbers or strings.
//!
//! PostgreSQL counts with 64 bits, which its JavaScript driver returns as strings. Servers of version 0.5.0 pass on
//! some of them unchanged.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected, Visitor},
};

/// Decodes a count.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Count::deserialize(deserializer).map(|Count(count)| count)
}

/// Decodes counts by name.
pub(crate) fn read_all<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, u64>, D::Error> {
    let counts = BTreeMap::<String, Count>::deserialize(deserializer)?;
    Ok(counts.into_iter().map(|(name, Count(count))| (name, count)).collect())
}

struct Count(u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CountVisitor).map(Self)
    }
}

struct CountVisitor;

impl Visitor<'_> for CountVisitor {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number from 0, or its digits")
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<u64, E> {
        Ok(count)
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<u64, E> {
        let count = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
        count.ok_or_else(|| E::invalid_value(Unexpected::Str(digits), &self))
    }

    /// The sum of no rows in SQL.
    fn visit_unit<E: Error>(self) -> Result<u64, E> {
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_number_or_its_digits() {
        let read = |json: &str| serde_json::from_str::<Count>(json).map(|Count(count)| count).ok();
        assert_eq!(read("5000"), Some(5_000));
        assert_eq!(read(r#""5000""#), Some(5_000));
        assert_eq!(read(r#""18446744073709551615""#), Some(u64::MAX));
        assert_eq!(read("null"), Some(0));
        for wrong in ["-1", "1.5", "true", "[]", "{}", r#""""#, r#""-1""#, r#""+1""#, r#""1.5""#, r#"" 1""#] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read(r#""18446744073709551616""#), None);
    }
}
