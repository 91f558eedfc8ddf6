//! The part of an address after `?`.

use std::fmt;

use logtide_core::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::QueryError;

/// All but the unreserved characters of RFC 3986 section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Query parameters in the order they were added; displayed with the leading `?`, or as nothing without any.
#[derive(Debug, Default)]
pub(crate) struct Parameters(String);

impl Parameters {
    pub(crate) fn add(&mut self, name: &str, value: impl fmt::Display) {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.extend(encode(&value.to_string()));
    }

    pub(crate) fn add_all(&mut self, name: &str, values: impl IntoIterator<Item = impl fmt::Display>) {
        for value in values {
            self.add(name, value);
        }
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Encodes a text for any place in an address.
pub(crate) fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// A lower bound, cut to milliseconds, as the server cuts the times of entries: an entry logged after it is found.
pub(crate) fn earliest(time: impl Into<Timestamp>) -> Timestamp {
    let micros = time.into().as_micros();
    Timestamp::from_micros(micros - micros.rem_euclid(1_000))
}

/// Refuses a number that the server would refuse.
pub(crate) fn require_range(name: &'static str, given: Option<u32>, max: u32) -> Result<(), QueryError> {
    match given.filter(|given| !(1..=max).contains(given)) {
        Some(given) => Err(QueryError::OutOfRange { name, given, max }),
        None => Ok(()),
    }
}

/// Refuses a time that ends before it begins, in which nothing is ever found.
pub(crate) fn require_order(from: Timestamp, to: Timestamp) -> Result<(), QueryError> {
    if from > to { Err(QueryError::TimeRange { from, to }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_can_end_it() {
        let mut parameters = Parameters::default();
        assert_eq!(parameters.to_string(), "");
        parameters.add("q", "a&b=c +%#é/?");
        parameters.add_all("level", ["warn", "error"]);
        let expected = "?q=a%26b%3Dc%20%2B%25%23%C3%A9%2F%3F&level=warn&level=error";
        assert_eq!(parameters.to_string(), expected);
    }
}
