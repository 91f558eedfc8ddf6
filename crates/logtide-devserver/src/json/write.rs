//! Writing JSON as the server returns it: keys in the order of its database, numbers as JavaScript prints them.

use std::fmt::Write;

use super::{Object, Text, Value};

/// Appends a value to `out`. Leaves out NUL in strings, which the server removes before it stores them.
pub(crate) fn write(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => write_number(*number, out),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(object) => write_object(object, out),
    }
}

/// Appends an object. The database keeps one value for each key, and orders keys by length, then by their bytes.
pub(crate) fn write_object(object: &Object<'_>, out: &mut String) {
    let mut members: Vec<_> = object.members.iter().collect();
    members.sort_by(|(a, _), (b, _)| a.text.len().cmp(&b.text.len()).then_with(|| a.text.cmp(&b.text)));
    out.push('{');
    let mut first = true;
    for (index, (key, value)) in members.iter().enumerate() {
        if members.get(index + 1).is_some_and(|(next, _)| next.text == key.text) {
            continue;
        }
        if !first {
            out.push(',');
        }
        first = false;
        write_text(key, out);
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

fn write_text(text: &Text<'_>, out: &mut String) {
    out.push('"');
    let mut start = 0;
    for (index, byte) in text.text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text.text[start..index]);
        start = index + 1;
        match byte {
            0 => {}
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => push(out, format_args!("\\u{byte:04x}")),
        }
    }
    out.push_str(&text.text[start..]);
    out.push('"');
}

/// `Number.prototype.toString`, with infinities as `null`, like `JSON.stringify`.
fn write_number(number: f64, out: &mut String) {
    if !number.is_finite() {
        return out.push_str("null");
    }
    if number == 0.0 {
        return out.push('0');
    }
    if number < 0.0 {
        out.push('-');
    }
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').expect("`{:e}` always writes an exponent");
    let digits = mantissa.replace('.', "");
    let count = i32::try_from(digits.len()).expect("a double has at most 17 digits");
    let point = exponent.parse::<i32>().expect("`{:e}` writes a whole exponent") + 1;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    match point {
        _ if count <= point && point <= 21 => push(out, format_args!("{digits}{}", zeros(point - count))),
        1..=21 => {
            let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
            push(out, format_args!("{whole}.{fraction}"));
        }
        -5..=0 => push(out, format_args!("0.{}{digits}", zeros(-point))),
        _ => push(out, format_args!("{mantissa}e{:+}", point - 1)),
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    fn rewritten(text: &str) -> String {
        let mut out = String::new();
        super::write(&parse(text).expect("valid JSON"), &mut out);
        out
    }

    #[test]
    fn numbers_come_back_as_javascript_prints_them() {
        for (sent, back) in [
            ("18446744073709551615", "18446744073709552000"),
            ("-9223372036854775808", "-9223372036854776000"),
            ("1e400", "null"),
            ("-0.0", "0"),
            ("1.50", "1.5"),
            ("100", "100"),
            ("123456.789", "123456.789"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e+21"),
            ("1.5e300", "1.5e+300"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("-2.5", "-2.5"),
        ] {
            assert_eq!(rewritten(sent), back);
        }
    }

    #[test]
    fn keys_are_ordered_and_kept_once() {
        assert_eq!(rewritten(r#"{"bb":1,"c":2,"a":3,"c":4}"#), r#"{"a":3,"c":4,"bb":1}"#);
    }

    #[test]
    fn strings_keep_their_meaning_without_nul() {
        assert_eq!(rewritten(r#""a\u0000b\"\\\n\u0001\u00e9😀""#), "\"ab\\\"\\\\\\n\\u0001é😀\"");
    }
}
