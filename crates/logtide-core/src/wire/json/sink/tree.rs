//! Metadata as values.

use serde_json::{Map, Number, Value};

use super::{
    super::{name::Name, rendered::Rendered, text::without_nul},
    Sink,
};

/// Builds the value, or the fields, that are written to it.
#[derive(Debug, Default)]
pub(in super::super) struct Tree {
    /// What is not closed yet, outermost first.
    open: Vec<Open>,
    value: Value,
}

#[derive(Debug)]
enum Open {
    /// With the name of the field whose value is next.
    Object(Map<String, Value>, String),
    Array(Vec<Value>),
}

impl Tree {
    /// What a function writes as fields.
    pub(in super::super) fn fields() -> Self {
        Self { open: vec![Open::Object(Map::new(), String::new())], value: Value::Null }
    }

    /// The fields.
    pub(in super::super) fn into_fields(mut self) -> Map<String, Value> {
        match self.open.pop() {
            Some(Open::Object(fields, _)) => fields,
            _ => Map::new(),
        }
    }

    /// The value.
    pub(in super::super) fn into_value(self) -> Value {
        self.value
    }

    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(Open::Object(fields, name)) => {
                fields.insert(std::mem::take(name), value);
            }
            Some(Open::Array(values)) => values.push(value),
            None => self.value = value,
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Open::Object(fields, _)) => self.put(Value::Object(fields)),
            Some(Open::Array(values)) => self.put(Value::Array(values)),
            None => {}
        }
    }

    fn begin(&mut self, key: &str) {
        if let Some(Open::Object(_, name)) = self.open.last_mut() {
            *name = without_nul(key).into_owned();
        }
    }
}

impl Sink for Tree {
    fn field(&mut self, name: &Name) -> bool {
        let is_new = match self.open.last() {
            Some(Open::Object(fields, _)) => !fields.contains_key(&*without_nul(&name.plain)),
            _ => false,
        };
        if is_new {
            self.begin(&name.plain);
        }
        is_new
    }

    fn open_fields(&mut self) {
        self.open_object();
    }

    fn close_fields(&mut self) {
        self.close();
    }

    fn copy(&mut self, _rendered: &Rendered) -> bool {
        false
    }

    fn open_object(&mut self) {
        self.open.push(Open::Object(Map::new(), String::new()));
    }

    fn key(&mut self, key: &str) {
        self.begin(key);
    }

    fn close_object(&mut self) {
        self.close();
    }

    fn open_array(&mut self) {
        self.open.push(Open::Array(Vec::new()));
    }

    fn element(&mut self) {}

    fn close_array(&mut self) {
        self.close();
    }

    fn null(&mut self) {
        self.put(Value::Null);
    }

    fn bool(&mut self, value: bool) {
        self.put(value.into());
    }

    fn number(&mut self, digits: &str) {
        self.put(digits.parse::<Number>().map_or_else(|_| digits.into(), Value::Number));
    }

    fn text_and_end(&mut self, text: &str, end: &str) {
        self.put((without_nul(text) + end).into());
    }

    fn value(&mut self, value: Value) {
        self.put(value);
    }
}
