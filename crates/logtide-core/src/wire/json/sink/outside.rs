//! Metadata for a wire of another format.

use std::mem;

use serde_json::Value;

use super::{
    super::{keys::Keys, name::Name, rendered::Rendered, text::without_nul},
    Sink,
};
use crate::ValueSink;

/// Hands values to a sink from outside, each name once.
#[derive(Debug)]
pub(in super::super) struct Outside<'a, S> {
    sink: &'a mut S,
    /// The names of the fields that are written already, which stand in `texts`.
    keys: &'a mut Keys,
    /// Those of the object around, while one is open inside.
    outer: &'a mut Keys,
    texts: &'a mut Vec<u8>,
}

impl<'a, S: ValueSink> Outside<'a, S> {
    pub(in super::super) fn new(
        sink: &'a mut S,
        [keys, outer]: &'a mut [Keys; 2],
        texts: &'a mut Vec<u8>,
    ) -> Self {
        keys.clear();
        texts.clear();
        Self { sink, keys, outer, texts }
    }
}

impl<S: ValueSink> Sink for Outside<'_, S> {
    fn field(&mut self, name: &Name) -> bool {
        let Self { sink, keys, texts, .. } = self;
        if keys.may_contain(name.bit) && keys.contains(texts, name.quoted(), name.signature) {
            return false;
        }
        let start = texts.len();
        texts.extend_from_slice(name.quoted());
        keys.push(name.signature, name.bit, start..texts.len());
        sink.key(&without_nul(&name.plain));
        true
    }

    fn open_fields(&mut self) {
        self.sink.open_object();
        mem::swap(self.keys, self.outer);
        self.keys.clear();
    }

    fn close_fields(&mut self) {
        mem::swap(self.keys, self.outer);
        self.sink.close_object();
    }

    fn copy(&mut self, _rendered: &Rendered) -> bool {
        false
    }

    fn open_object(&mut self) {
        self.sink.open_object();
    }

    fn key(&mut self, key: &str) {
        self.sink.key(&without_nul(key));
    }

    fn close_object(&mut self) {
        self.sink.close_object();
    }

    fn open_array(&mut self) {
        self.sink.open_array();
    }

    fn element(&mut self) {}

    fn close_array(&mut self) {
        self.sink.close_array();
    }

    fn null(&mut self) {
        self.sink.null();
    }

    fn bool(&mut self, value: bool) {
        self.sink.bool(value);
    }

    fn number(&mut self, digits: &str) {
        match digits.parse() {
            Ok(integer) => self.sink.integer(integer),
            Err(_) => match digits.parse() {
                Ok(float) => self.sink.float(float),
                Err(_) => self.sink.text(digits, ""),
            },
        }
    }

    fn integer(&mut self, value: i64) {
        self.sink.integer(value);
    }

    fn float(&mut self, value: f64) {
        self.sink.float(value);
    }

    fn takes_large(&self) -> bool {
        self.sink.takes_large_integers()
    }

    fn text_and_end(&mut self, text: &str, end: &str) {
        self.sink.text(&without_nul(text), end);
    }

    /// Of values that are cut to what the server indexes, which are small.
    fn value(&mut self, value: Value) {
        match value {
            Value::Null => self.sink.null(),
            Value::Bool(value) => self.sink.bool(value),
            Value::Number(number) => Sink::number(self, &number.to_string()),
            Value::String(text) => self.sink.text(&text, ""),
            Value::Array(values) => {
                self.sink.open_array();
                values.into_iter().for_each(|value| self.value(value));
                self.sink.close_array();
            }
            Value::Object(fields) => {
                self.sink.open_object();
                for (key, value) in fields {
                    self.sink.key(&key);
                    self.value(value);
                }
                self.sink.close_object();
            }
        }
    }
}
