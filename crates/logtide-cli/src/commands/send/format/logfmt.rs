//! Lines of `key=value` pairs.

use std::borrow::Cow;

use super::{
    super::parsed::{Field, Parsed},
    names::is_usual,
    time::Zone,
};

/// Parses the pairs of a line. `None` if it contains anything else.
pub(super) fn parse(line: &str, zone: Zone) -> Option<Parsed<'_>> {
    let mut parsed = Parsed::default();
    for pair in Pairs(line) {
        let (key, value) = pair?;
        parsed.add(Cow::Borrowed(key), value, zone);
    }
    let is_empty = parsed == Parsed::default();
    parsed.complete();
    (!is_empty).then_some(parsed)
}

/// Whether a line is clearly logfmt: it has two or more pairs, one of them with a common name.
pub(super) fn is_evident(line: &str) -> bool {
    let keys = || Pairs(line).flatten().map(|(key, _)| key);
    keys().nth(1).is_some() && keys().any(is_usual)
}

/// Iterates over the pairs of a line; `None` for anything else.
struct Pairs<'a>(&'a str);

impl<'a> Iterator for Pairs<'a> {
    type Item = Option<(&'a str, Field<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0 = self.0.trim_start_matches([' ', '\t']);
        if self.0.is_empty() {
            return None;
        }
        let pair = self.read();
        if pair.is_none() {
            self.0 = "";
        }
        Some(pair)
    }
}

impl<'a> Pairs<'a> {
    fn read(&mut self) -> Option<(&'a str, Field<'a>)> {
        let line = self.0;
        let equals = line.find(['=', ' ', '\t', '"']).filter(|at| line.as_bytes()[*at] == b'=')?;
        let (key, rest) = (&line[..equals], &line[equals + 1..]);
        let is_key = |character: char| character.is_alphanumeric() || "_-./@$:".contains(character);
        if key.is_empty() || !key.chars().all(is_key) {
            return None;
        }
        let (value, rest) = if rest.starts_with('"') {
            let end = end_of_quoted(rest)?;
            (quoted(&rest[1..end - 1]), &rest[end..])
        } else {
            let end = rest.find([' ', '\t']).unwrap_or(rest.len());
            (bare(&rest[..end]), &rest[end..])
        };
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return None;
        }
        self.0 = rest;
        Some((key, value))
    }
}

/// Returns where a quoted string ends, after the quote.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().enumerate().skip(1).find_map(|(at, byte)| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends.then_some(at + 1)
    })
}

fn quoted(inner: &str) -> Field<'_> {
    if !inner.contains('\\') {
        return Field::Text(Cow::Borrowed(inner));
    }
    let unescaped = serde_json::from_str::<String>(&format!("\"{inner}\""));
    Field::Text(unescaped.map_or(Cow::Borrowed(inner), Cow::Owned))
}

/// Returns a number that would be written the same, `true`, `false`, or else a string.
fn bare(text: &str) -> Field<'_> {
    match text {
        "true" => return Field::Bool(true),
        "false" => return Field::Bool(false),
        _ => {}
    }
    if text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        if let Some(number) = text.parse::<u64>().ok().filter(|number| number.to_string() == text) {
            return Field::Unsigned(number);
        }
        if let Some(number) = text.parse::<i64>().ok().filter(|number| number.to_string() == text) {
            return Field::Signed(number);
        }
        if let Some(number) = text.parse::<f64>().ok().filter(|number| number.to_string() == text) {
            return Field::Float(number);
        }
    }
    Field::Text(Cow::Borrowed(text))
}
