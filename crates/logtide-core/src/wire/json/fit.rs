//! Cutting an entry to its largest size.

use serde::Serialize;
use serde_json::{Map, Value};

use super::fixed_name::FixedName;
use crate::{TRUNCATED, limits::cut_bytes};

/// What tells an entry from all others, and is kept with it where it is no larger than the SDK makes it.
const IDENTITY: [FixedName; 2] = [FixedName::EVENT_ID, FixedName::SEQUENCE];

/// Bytes of an event id in quotes.
const MAX_IDENTITY_BYTES: usize = 38;

/// What else of an entry is kept before all others, in this order.
const KEPT_FIRST: [&str; 4] = ["sdk", "exception", "error", "breadcrumbs"];

/// Of these the last elements are kept, which are the latest.
const LATEST_LAST: &str = "breadcrumbs";

/// What an entry says of itself when it was cut.
const CUT: [&str; 2] = ["_truncated", "_original_size"];

/// What fits of the message and the metadata of an entry that had so many bytes, into so many for both.
pub(super) fn fit_entry(
    message: String,
    mut fields: Map<String, Value>,
    original: usize,
    room: usize,
) -> (String, Map<String, Value>) {
    // An entry that is cut again, with what came later, keeps its first size.
    let before = fields.get(CUT[1]).and_then(Value::as_u64).unwrap_or_default();
    fields.retain(|key, _| !CUT.contains(&key.as_str()));
    let mut kept = Map::new();
    kept.insert(CUT[0].to_owned(), true.into());
    kept.insert(CUT[1].to_owned(), before.max(original as u64).into());

    let room = room.saturating_sub(size(&kept));
    let fields_size: usize = fields.iter().map(|(key, value)| field_size(key, value)).sum();
    let message = cut_text(message, (room / 2).max(room.saturating_sub(fields_size))).unwrap_or_default();
    kept.extend(fit_fields(fields, room.saturating_sub(size(&message))));
    (message, kept)
}

/// A value that has at most so many bytes as JSON, or a text that has as many itself. A text keeps its beginning, an array or object
/// what fits of it.
pub(super) fn shortened(value: Value, limit: usize) -> Value {
    match value {
        Value::String(text) => cut_bytes(&text, limit).into(),
        value => fit(value, limit, false).unwrap_or_default(),
    }
}

/// The fields that fit, the most useful first, cut where only a part of them fits.
fn fit_fields(mut fields: Map<String, Value>, mut room: usize) -> Map<String, Value> {
    let mut kept = Map::new();
    for name in IDENTITY {
        let is_short = |value: &Value| size(value) <= MAX_IDENTITY_BYTES;
        if fields.get(name.key()).is_some_and(is_short)
            && let Some((key, value)) = fields.remove_entry(name.key())
        {
            room -= keep(&mut kept, key, value, room);
        }
    }
    let mut first: Vec<(String, Value)> =
        KEPT_FIRST.into_iter().filter_map(|key| fields.remove_entry(key)).collect();
    first.reverse();
    while let Some((key, value)) = first.pop() {
        let others: usize = first.iter().map(|(key, value)| field_size(key, value)).sum();
        // Half for each as long as others wait, more where they do not need it.
        let share = if first.is_empty() { room } else { (room / 2).max(room.saturating_sub(others)) };
        room -= keep(&mut kept, key, value, share);
    }
    for (key, value) in by_size(fields) {
        room -= keep(&mut kept, key, value, room);
    }
    kept
}

/// Keeps of a field what fits, and says how much room that takes.
fn keep(kept: &mut Map<String, Value>, key: String, value: Value, room: usize) -> usize {
    let around = field_size(&key, &Value::Null) - NULL;
    let latest = key == LATEST_LAST;
    match room.checked_sub(around).and_then(|room| fit(value, room, latest)) {
        Some(value) => {
            let taken = around + size(&value);
            kept.insert(key, value);
            taken
        }
        None => 0,
    }
}

/// What of a value fits; `latest` keeps the end of an array instead of its start.
fn fit(value: Value, room: usize, latest: bool) -> Option<Value> {
    if size(&value) <= room {
        return Some(value);
    }
    match value {
        Value::String(text) => cut_text(text, room).map(Value::String),
        Value::Array(mut elements) => {
            let mut room = room.checked_sub(2)?;
            if latest {
                elements.reverse();
            }
            let mut kept = Vec::new();
            for element in elements {
                let Some(rest) = room.checked_sub(size(&element) + 1) else {
                    // A part of the first is more than nothing.
                    if kept.is_empty() {
                        kept.extend(room.checked_sub(1).and_then(|room| fit(element, room, false)));
                    }
                    break;
                };
                kept.push(element);
                room = rest;
            }
            if latest {
                kept.reverse();
            }
            Some(Value::Array(kept))
        }
        Value::Object(fields) => {
            let mut room = room.checked_sub(2)?;
            let mut kept = Map::new();
            for (key, value) in by_size(fields) {
                room -= keep(&mut kept, key, value, room);
            }
            Some(Value::Object(kept))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Cuts a text so that it takes at most so many bytes as JSON; `None` when not even the mark of the cut does.
fn cut_text(text: String, room: usize) -> Option<String> {
    let escaped = size(&text);
    if escaped <= room {
        return Some(text);
    }
    let room = room.checked_sub(TRUNCATED.len() + 2)?;
    // A character takes at most six bytes for each of its own when it is escaped, mostly one.
    let mut cut = cut_bytes(&text, room);
    while size(cut) - 2 > room {
        let excess = size(cut) - 2 - room;
        cut = cut_bytes(cut, cut.len() - excess.div_ceil(6).min(cut.len()));
    }
    Some(format!("{cut}{TRUNCATED}"))
}

fn by_size(fields: Map<String, Value>) -> Vec<(String, Value)> {
    let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
    fields.sort_by_cached_key(|(_, value)| size(value));
    fields
}

/// Bytes of `null`.
const NULL: usize = 4;

/// Bytes of a field with its colon and comma.
fn field_size(key: &str, value: &Value) -> usize {
    size(key) + 2 + size(value)
}

fn size(value: &(impl Serialize + ?Sized)) -> usize {
    json(value).len()
}

/// What was mended already needs no mending when it is written again.
pub(super) fn json(value: &(impl Serialize + ?Sized)) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;
