//! A field whose value is an object of texts.

use std::ops::Range;

use serde::{Serialize, Serializer};

use super::{
    Fields,
    layout::{KEY_8, OBJECT},
    text::write_text,
    value::text,
};

/// A field whose value is an object of texts, sorted by name. It is stored as an item, which is copied into each
/// record.
#[derive(Clone, Debug)]
pub(crate) struct SortedTexts {
    field: &'static str,
    /// Empty before the first text.
    item: Vec<u8>,
}

/// The initial capacity in bytes, for a few short texts.
const ROOM: usize = 120;

impl SortedTexts {
    /// Creates an empty object for a field with this name, which has at most 255 bytes.
    pub(crate) const fn new(field: &'static str) -> Self {
        Self { field, item: Vec::new() }
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        if self.item.is_empty() {
            self.item.reserve(ROOM + name.len() + value.len());
            self.item.extend_from_slice(&[KEY_8, self.field.len() as u8]);
            self.item.extend_from_slice(self.field.as_bytes());
            self.item.extend_from_slice(&[OBJECT, 0, 0, 0, 0]);
        }
        let (place, end) = (self.place(name), self.item.len());
        write_text(&mut self.item, name);
        write_text(&mut self.item, value);
        let added = self.item.len() - end;
        if place.start < end {
            self.item[place.end..].rotate_right(added);
            self.item.drain(place);
        }
        self.put_length();
    }

    pub(crate) fn remove(&mut self, name: &str) {
        if !self.is_empty() {
            let place = self.place(name);
            self.item.drain(place);
            self.put_length();
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.item.len() <= self.start()
    }

    /// The texts, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut rest = self.item.get(self.start()..).unwrap_or_default();
        std::iter::from_fn(move || Some((text(&mut rest)?, text(&mut rest)?)))
    }

    /// Writes the field, if there are texts.
    pub(crate) fn write_to(&self, fields: &mut Fields<'_>) {
        if self.is_empty() {
            return;
        }
        if self.item.len() <= fields.content().max_field_bytes() {
            fields.items(&self.item);
        } else {
            fields.field(self.field, self);
        }
    }

    /// Where the first text starts.
    const fn start(&self) -> usize {
        // What comes before it: the name with its kind and length, and kind and length of the object.
        2 + self.field.len() + 1 + 4
    }

    /// Where a text of that name is, or where it would be.
    fn place(&self, name: &str) -> Range<usize> {
        let mut rest = &self.item[self.start()..];
        loop {
            let start = self.item.len() - rest.len();
            match text(&mut rest) {
                Some(other) if other < name => {
                    let _ = text(&mut rest);
                }
                Some(other) if other == name => {
                    let _ = text(&mut rest);
                    return start..self.item.len() - rest.len();
                }
                _ => return start..start,
            }
        }
    }

    fn put_length(&mut self) {
        let start = self.start();
        let length = (self.item.len() - start) as u32;
        self.item[start - 4..start].copy_from_slice(&length.to_le_bytes());
    }
}

impl Serialize for SortedTexts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::Content;

    fn item(write: impl FnOnce(&mut Fields<'_>)) -> Vec<u8> {
        let mut item = Vec::new();
        write(&mut Fields::of_items(&mut item, Content::unchanged()));
        item
    }

    proptest! {
        #[test]
        fn it_is_written_as_a_sorted_map_is(
            changes in prop::collection::vec(("[a-c]{0,2}|b{300}", prop::option::of(".{0,4}|x{255,257}")), 0..20),
        ) {
            let (mut texts, mut map) = (SortedTexts::new("tags"), BTreeMap::new());
            for (name, value) in &changes {
                match value {
                    Some(value) => {
                        texts.set(name, value);
                        map.insert(name.as_str(), value.as_str());
                    }
                    None => {
                        texts.remove(name);
                        map.remove(name.as_str());
                    }
                }
            }
            prop_assert_eq!(texts.is_empty(), map.is_empty());
            prop_assert_eq!(texts.iter().collect::<Vec<_>>(), map.iter().map(|(name, value)| (*name, *value)).collect::<Vec<_>>());
            let expected = if map.is_empty() { Vec::new() } else { item(|fields| fields.field("tags", &map)) };
            prop_assert_eq!(item(|fields| texts.write_to(fields)), expected);
        }
    }
}
