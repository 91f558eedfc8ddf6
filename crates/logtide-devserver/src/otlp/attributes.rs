//! Attributes and their values.

use super::Item;
use crate::json::{Object, Value};
use crate::validate::{MAX_SERVICE, shown};

/// The largest integer up to which every integer has an exact double.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// Returns the attributes of a record, a span, an event, a link or a resource, as one flat object.
pub(super) fn attributes<'a>(owner: &'a Object<'a>) -> Object<'a> {
    owner.get("attributes").map_or_else(Object::default, pairs)
}

/// Returns the attributes of an item's resource.
pub(super) fn resource<'a>(item: Item<'a>) -> Object<'a> {
    item.resource.map_or_else(Object::default, attributes)
}

/// Returns the name of the service, truncated to the limit of the database.
pub(super) fn service(resource: &Object<'_>) -> String {
    let name = resource.get("service.name").and_then(shown).unwrap_or_default();
    if name.is_empty() { "unknown".into() } else { cut(&name) }
}

/// Returns a value without the name of its type; `null` if it has none.
pub(super) fn plain<'a>(value: &'a Value<'a>) -> Value<'a> {
    let Some(value) = value.as_object() else { return Value::Null };
    let list = |name| value.get(name).and_then(Value::as_object).and_then(|list| list.get("values"));
    if let Some(number) = value.get("intValue") {
        return whole(number);
    }
    if let Some(values) = list("arrayValue") {
        return Value::Array(values.as_array().unwrap_or_default().iter().map(plain).collect());
    }
    if let Some(values) = list("kvlistValue") {
        return Value::Object(pairs(values));
    }
    let scalar = ["stringValue", "boolValue", "doubleValue", "bytesValue"];
    let scalar = scalar.into_iter().find_map(|name| value.get(name));
    let empty = |name| value.get(name).is_some();
    match scalar {
        Some(scalar) => scalar.clone(),
        None if empty("arrayValue") => Value::Array(Vec::new()),
        None if empty("kvlistValue") => Value::Object(Object::default()),
        None => Value::Null,
    }
}

fn pairs<'a>(list: &'a Value<'a>) -> Object<'a> {
    let pairs = list.as_array().unwrap_or_default().iter().filter_map(Value::as_object);
    let members = pairs.filter_map(|pair| {
        let Value::String(key) = pair.get("key")? else { return None };
        Some((key.clone(), pair.get("value").map_or(Value::Null, plain)))
    });
    Object { members: members.collect() }
}

/// Reads an integer, which JSON carries as a string. One that no double represents stays a string.
fn whole<'a>(value: &Value<'a>) -> Value<'a> {
    let Some(number) = value.as_text().and_then(|text| text.parse::<i64>().ok()) else {
        return value.clone();
    };
    if number.unsigned_abs() <= MAX_SAFE { Value::Number(number as f64) } else { value.clone() }
}

fn cut(name: &str) -> String {
    let mut left = MAX_SERVICE;
    let fits = |letter: &char| {
        let rest = left.checked_sub(letter.len_utf16());
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    name.chars().take_while(fits).collect()
}
