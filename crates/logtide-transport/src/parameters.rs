//! Query parameters.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986 section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Query parameters in the order in which they were added. `Display` writes them with a leading `?`, or nothing if
/// there are none.
///
/// ```
/// use logtide_transport::Parameters;
///
/// let mut parameters = Parameters::default();
/// parameters.add("q", "out of memory");
/// parameters.add_all("level", ["warn", "error"]);
/// assert_eq!(parameters.to_string(), "?q=out%20of%20memory&level=warn&level=error");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Parameters(String);

impl Parameters {
    /// Adds a parameter, and encodes its value.
    pub fn add(&mut self, name: &str, value: impl fmt::Display) {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(&encode(&value.to_string()));
    }

    /// Adds a parameter for each value.
    pub fn add_all(&mut self, name: &str, values: impl IntoIterator<Item = impl fmt::Display>) {
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

/// Encodes a text for any part of an address.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
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
