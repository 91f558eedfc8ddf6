//! Truncating an entry to its maximum size.

use serde::Serialize;
use serde_json::{Map, Value};

use super::fixed_name::FixedName;
use crate::{TRUNCATED, limits::cut_bytes};

/// The id and number of an entry, which are kept unless they are larger than the SDK makes them.
const IDENTITY: [FixedName; 2] = [FixedName::EVENT_ID, FixedName::SEQUENCE];

/// The size of an event id in quotes, in bytes.
const MAX_IDENTITY_BYTES: usize = 38;

/// The fields that are kept before all others, in this order.
const KEPT_FIRST: [&str; 4] = ["sdk", "exception", "error", "breadcrumbs"];

/// Of these, the last elements are kept, which are the latest.
const LATEST_LAST: &str = "breadcrumbs";

/// The fields that mark a truncated entry.
const CUT: [&str; 2] = ["_truncated", "_original_size"];

/// The part of the message and the metadata that fits. The entry had `original_size` bytes.
pub(super) fn fit_entry(
    message: String,
    mut fields: Map<String, Value>,
    original_size: usize,
    space: usize,
) -> (String, Map<String, Value>) {
    // An entry that is truncated again, with data that was added later, keeps its first size.
    let before = fields.get(CUT[1]).and_then(Value::as_u64).unwrap_or_default();
    fields.retain(|key, _| !CUT.contains(&key.as_str()));
    let mut kept = Map::new();
    kept.insert(CUT[0].to_owned(), true.into());
    kept.insert(CUT[1].to_owned(), before.max(original_size as u64).into());

    let space = space.saturating_sub(size(&kept));
    let fields_size: usize = fields.iter().map(|(key, value)| field_size(key, value)).sum();
    let message = cut_text(message, (space / 2).max(space.saturating_sub(fields_size))).unwrap_or_default();
    kept.extend(fit_fields(fields, space.saturating_sub(size(&message))));
    (message, kept)
}

/// A value that has at most this many bytes as JSON. A text keeps its beginning, an array or object the elements that
/// fit.
pub(super) fn shortened(value: Value, limit: usize) -> Value {
    match value {
        Value::String(text) => cut_bytes(&text, limit).into(),
        value => fit(value, limit, false).unwrap_or_default(),
    }
}

/// The fields that fit, the most useful first. The last one is truncated.
fn fit_fields(mut fields: Map<String, Value>, mut space: usize) -> Map<String, Value> {
    let mut kept = Map::new();
    for name in IDENTITY {
        let is_short = |value: &Value| size(value) <= MAX_IDENTITY_BYTES;
        if fields.get(name.key()).is_some_and(is_short)
            && let Some((key, value)) = fields.remove_entry(name.key())
        {
            space -= keep(&mut kept, key, value, space);
        }
    }
    let mut first: Vec<(String, Value)> =
        KEPT_FIRST.into_iter().filter_map(|key| fields.remove_entry(key)).collect();
    first.reverse();
    while let Some((key, value)) = first.pop() {
        let others: usize = first.iter().map(|(key, value)| field_size(key, value)).sum();
        // Half of the rest for each, and more if later ones do not need it.
        let share = if first.is_empty() { space } else { (space / 2).max(space.saturating_sub(others)) };
        space -= keep(&mut kept, key, value, share);
    }
    for (key, value) in by_size(fields) {
        space -= keep(&mut kept, key, value, space);
    }
    kept
}

/// Keeps the part of a field that fits, and returns how many bytes it takes.
fn keep(kept: &mut Map<String, Value>, key: String, value: Value, space: usize) -> usize {
    let around = field_size(&key, &Value::Null) - NULL;
    let latest = key == LATEST_LAST;
    match space.checked_sub(around).and_then(|space| fit(value, space, latest)) {
        Some(value) => {
            let taken = around + size(&value);
            kept.insert(key, value);
            taken
        }
        None => 0,
    }
}

/// The part of a value that fits. `latest` keeps the end of an array instead of its start.
fn fit(value: Value, space: usize, latest: bool) -> Option<Value> {
    if size(&value) <= space {
        return Some(value);
    }
    match value {
        Value::String(text) => cut_text(text, space).map(Value::String),
        Value::Array(mut elements) => {
            let mut space = space.checked_sub(2)?;
            if latest {
                elements.reverse();
            }
            let mut kept = Vec::new();
            for element in elements {
                let Some(rest) = space.checked_sub(size(&element) + 1) else {
                    // Part of the first element is better than nothing.
                    if kept.is_empty() {
                        kept.extend(space.checked_sub(1).and_then(|space| fit(element, space, false)));
                    }
                    break;
                };
                kept.push(element);
                space = rest;
            }
            if latest {
                kept.reverse();
            }
            Some(Value::Array(kept))
        }
        Value::Object(fields) => {
            let mut space = space.checked_sub(2)?;
            let mut kept = Map::new();
            for (key, value) in by_size(fields) {
                space -= keep(&mut kept, key, value, space);
            }
            Some(Value::Object(kept))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Truncates a text to at most this many bytes as JSON. `None` if not even the mark fits.
fn cut_text(text: String, space: usize) -> Option<String> {
    let escaped = size(&text);
    if escaped <= space {
        return Some(text);
    }
    let space = space.checked_sub(TRUNCATED.len() + 2)?;
    // An escaped character takes at most six bytes for each of its own, and usually one.
    let mut cut = cut_bytes(&text, space);
    while size(cut) - 2 > space {
        let excess = size(cut) - 2 - space;
        cut = cut_bytes(cut, cut.len() - excess.div_ceil(6).min(cut.len()));
    }
    Some(format!("{cut}{TRUNCATED}"))
}

fn by_size(fields: Map<String, Value>) -> Vec<(String, Value)> {
    let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
    fields.sort_by_cached_key(|(_, value)| size(value));
    fields
}

/// The size of `null` in bytes.
const NULL: usize = 4;

/// The size of a field with its colon and comma, in bytes.
fn field_size(key: &str, value: &Value) -> usize {
    size(key) + 2 + size(value)
}

fn size(value: &(impl Serialize + ?Sized)) -> usize {
    json(value).len()
}

/// Fixed values need no further fixing when they are written again.
pub(super) fn json(value: &(impl Serialize + ?Sized)) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;
