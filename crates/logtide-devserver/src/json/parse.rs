//! Parsing JSON text.

use std::borrow::Cow;

use thiserror::Error;

use super::{Object, Text, Value};

/// The deepest nesting of values. The real server accepts 4,000 levels and fails at 20,000.
const MAX_DEPTH: usize = 5_000;

/// The reason for rejecting a text, worded as by the server's JavaScript engine.
#[derive(Debug, Clone, PartialEq, Error)]
pub(crate) enum ParseError {
    #[error("Unexpected end of JSON input")]
    End,
    #[error("Unexpected token '{token}' in JSON at position {position}")]
    Token { token: char, position: usize },
    #[error("Bad control character in string literal in JSON at position {0}")]
    ControlCharacter(usize),
    #[error("Bad escaped character in JSON at position {0}")]
    Escape(usize),
    #[error("Maximum call stack size exceeded")]
    TooDeep,
}

/// Parses a whole text, which may start with a byte order mark.
pub(crate) fn parse(text: &str) -> Result<Value<'_>, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser { text, position: 0, depth: 0 };
    let value = parser.value()?;
    parser.skip_space();
    if parser.position < text.len() { Err(parser.unexpected()) } else { Ok(value) }
}

struct Parser<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn value(&mut self) -> Result<Value<'a>, ParseError> {
        self.skip_space();
        match self.peek().ok_or(ParseError::End)? {
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::array),
            b'"' => self.string().map(Value::String),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn nested(
        &mut self,
        parse: fn(&mut Self) -> Result<Value<'a>, ParseError>,
    ) -> Result<Value<'a>, ParseError> {
        if self.depth == MAX_DEPTH {
            return Err(ParseError::TooDeep);
        }
        self.depth += 1;
        self.position += 1;
        let value = parse(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value<'a>, ParseError> {
        let mut object = Object::default();
        self.skip_space();
        if self.take(b'}') {
            return Ok(Value::Object(object));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let key = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            let value = self.value()?;
            if key.text != "__proto__" {
                object.members.push((key, value));
            }
            self.skip_space();
            if self.take(b'}') {
                return Ok(Value::Object(object));
            }
            self.expect(b',')?;
        }
    }

    fn array(&mut self) -> Result<Value<'a>, ParseError> {
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Result<Text<'a>, ParseError> {
        self.position += 1;
        let mut owned: Option<String> = None;
        let mut lone_surrogate = false;
        let mut start = self.position;
        loop {
            match self.peek().ok_or(ParseError::End)? {
                b'"' => {
                    let rest = &self.text[start..self.position];
                    self.position += 1;
                    let text = match owned {
                        Some(text) => Cow::Owned(text + rest),
                        None => Cow::Borrowed(rest),
                    };
                    return Ok(Text { text, lone_surrogate });
                }
                b'\\' => {
                    let text = owned.get_or_insert_default();
                    text.push_str(&self.text[start..self.position]);
                    let unescaped = self.escape()?;
                    lone_surrogate |= unescaped.is_none();
                    text.push(unescaped.unwrap_or(char::REPLACEMENT_CHARACTER));
                    start = self.position;
                }
                0..=0x1f => return Err(ParseError::ControlCharacter(self.position)),
                _ => self.position += 1,
            }
        }
    }

    /// Reads one escape; `None` stands for a lone surrogate.
    fn escape(&mut self) -> Result<Option<char>, ParseError> {
        self.position += 1;
        let escaped = self.peek().ok_or(ParseError::End)?;
        self.position += 1;
        let unescaped = match escaped {
            b'"' | b'\\' | b'/' => char::from(escaped),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                return self.join_surrogates(unit);
            }
            _ => return Err(ParseError::Escape(self.position - 1)),
        };
        Ok(Some(unescaped))
    }

    fn join_surrogates(&mut self, unit: u16) -> Result<Option<char>, ParseError> {
        if !(0xd800..0xdc00).contains(&unit) {
            return Ok(char::from_u32(u32::from(unit)));
        }
        let after = self.position;
        if self.text[after..].starts_with("\\u") {
            self.position += 2;
            let low = self.hex()?;
            if let Some(Ok(joined)) = char::decode_utf16([unit, low]).next() {
                return Ok(Some(joined));
            }
            self.position = after;
        }
        Ok(None)
    }

    fn hex(&mut self) -> Result<u16, ParseError> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.peek().ok_or(ParseError::End)?).to_digit(16);
            let digit = digit.ok_or(ParseError::Escape(self.position))?;
            unit = unit << 4 | u16::try_from(digit).expect("a hexadecimal digit is below 16");
            self.position += 1;
        }
        Ok(unit)
    }

    fn number(&mut self) -> Result<Value<'a>, ParseError> {
        let start = self.position;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _signed = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        self.text[start..self.position].parse().map(Value::Number).map_err(|_| self.unexpected())
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let start = self.position;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.position += 1;
        }
        if self.position == start { Err(self.unexpected()) } else { Ok(()) }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, ParseError> {
        for byte in word.bytes() {
            self.expect(byte)?;
        }
        Ok(value)
    }

    fn expect(&mut self, byte: u8) -> Result<(), ParseError> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.position += usize::from(taken);
        taken
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn unexpected(&self) -> ParseError {
        match self.text.get(self.position..).and_then(|rest| rest.chars().next()) {
            Some(token) => ParseError::Token { token, position: self.position },
            None => ParseError::End,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_json_allows_and_nothing_else() {
        for text in ["1", "-0.5e+3", " [ 1 , {\"a\" : null} ] ", "\u{feff}{}", "\"\\u00e9\\n\"", "true"] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in
            ["01", "1.", "+1", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "nul", "1 2", "\"\t\"", "\"\\x\""]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        for text in ["", "{\"logs\":[", "\"abc", "{\"a\"", "[1", "-", "tru"] {
            assert_eq!(parse(text), Err(ParseError::End), "{text}");
        }
    }

    #[test]
    fn lone_surrogates_are_replaced_and_marked() {
        for (text, expected, lone) in [
            (r#""\ud83d\ude00""#, "😀", false),
            (r#""a\ud800b""#, "a\u{fffd}b", true),
            (r#""\udc00""#, "\u{fffd}", true),
            (r#""\ud800\u0041""#, "\u{fffd}A", true),
        ] {
            let Ok(Value::String(parsed)) = parse(text) else { panic!("{text} is a string") };
            assert_eq!((&*parsed.text, parsed.lone_surrogate), (expected, lone));
        }
    }

    #[test]
    fn numbers_are_doubles_and_the_last_key_wins() {
        let value = parse(r#"{"a":1,"a":18446744073709551615,"__proto__":{"b":1}}"#).expect("valid JSON");
        let object = value.as_object().expect("an object");
        assert_eq!(object.get("a"), Some(&Value::Number(18_446_744_073_709_551_616.0)));
        assert_eq!(object.get("__proto__"), None);
        assert_eq!(parse("1e400"), Ok(Value::Number(f64::INFINITY)));
    }

    #[test]
    fn refuses_what_would_exhaust_the_stack() {
        let text = "[".repeat(MAX_DEPTH + 1);
        let parsed = std::thread::Builder::new().stack_size(32 << 20).spawn(move || parse(&text).err());
        let error = parsed.expect("a thread starts").join().expect("parsing does not panic");
        assert_eq!(error, Some(ParseError::TooDeep));
    }
}
