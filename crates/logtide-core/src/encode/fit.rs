//! Cutting an entry to its largest size.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    BaseMetadata, Encoder, Head, is_session_id, is_span_id,
    value::{write_key, write_value},
};
use crate::{Content, Metadata, TRUNCATED};

/// What of an entry is kept before all else, in this order.
const KEPT_FIRST: [&str; 4] = ["sdk", "exception", "error", "breadcrumbs"];

/// Of these the last elements are kept, which are the latest.
const LATEST_LAST: &str = "breadcrumbs";

#[derive(Deserialize)]
struct Entry {
    message: String,
    metadata: Map<String, Value>,
}

impl Encoder {
    /// Encodes what was encoded anew, with as much of it as fits.
    #[cold]
    pub(super) fn shrink(&mut self, head: &Head<'_>) {
        let size = self.out.len();
        let limit = head.content.max_entry_bytes();
        let Entry { message, metadata } = serde_json::from_slice(&self.out)
            .unwrap_or_else(|_| Entry { message: String::new(), metadata: Map::new() });
        // Ids that the server refuses are in the metadata already.
        let mut head = *head;
        head.content = Content::unchanged();
        head.span_id = head.span_id.filter(|id| is_span_id(id));
        head.session_id = head.session_id.filter(|id| is_session_id(id));

        let mut kept = Metadata::new();
        kept.insert("_truncated", true);
        kept.insert("_original_size", size);
        let fixed = self.encode(&head, ".", &kept, &BaseMetadata::empty()).len();
        let room = limit.saturating_sub(fixed);
        let metadata_size: usize = metadata.iter().map(|(key, value)| field_size(key, value)).sum();
        let message =
            cut_text(message, (room / 2).max(room.saturating_sub(metadata_size))).unwrap_or_default();
        kept.extend(fit_fields(metadata, room.saturating_sub(text_size(&message))).into());
        self.encode(&head, message, &kept, &BaseMetadata::empty());
    }
}

/// The fields that fit, the most useful first, cut where only a part of them fits.
fn fit_fields(mut fields: Map<String, Value>, mut room: usize) -> Map<String, Value> {
    let mut kept = Map::new();
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
            let mut kept: Vec<Value> = elements
                .into_iter()
                .map_while(|element| {
                    room = room.checked_sub(size(&element) + 1)?;
                    Some(element)
                })
                .collect();
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
    let escaped = text_size(&text);
    if escaped <= room {
        return Some(text);
    }
    let room = room.checked_sub(TRUNCATED.len() + 2)?;
    // A character takes at most six bytes for each of its own when it is escaped, mostly one.
    let mut cut = text.floor_char_boundary(room);
    while text_size(&text[..cut]) - 2 > room {
        let excess = text_size(&text[..cut]) - 2 - room;
        cut = text.floor_char_boundary(cut - excess.div_ceil(6).min(cut));
    }
    Some(format!("{}{TRUNCATED}", &text[..cut]))
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
    let mut out = Vec::new();
    write_key(&mut out, key);
    out.len() + 2 + size(value)
}

fn size(value: &Value) -> usize {
    let mut out = Vec::new();
    write_value(&mut out, 0, Content::unchanged(), value);
    out.len()
}

fn text_size(text: &str) -> usize {
    let mut out = Vec::new();
    write_value(&mut out, 0, Content::unchanged(), text);
    out.len()
}

#[cfg(test)]
mod tests;
