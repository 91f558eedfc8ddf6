//! The names of fields that are used again and again.

use super::{Key, keys::Signature};
use crate::Content;

/// The keys that were written last, encoded. A program has few, and most calls have none that is new.
///
/// It begins with the 64th key, so that an encoder for one entry does not pay for it.
#[derive(Debug)]
pub(super) struct KeyCache {
    places: Vec<Place>,
    asked: usize,
    /// Of a name that is not kept, so that it costs no memory of its own either.
    passing: Key,
}

#[derive(Clone, Debug)]
struct Place {
    /// Of the content under which the key was encoded; none while the place is empty.
    revision: Option<u64>,
    name: String,
    key: Key,
}

impl KeyCache {
    /// As many as a [`Signature`] has slots.
    const PLACES: usize = 64;

    /// Longer names are encoded each time.
    const MAX_NAME: usize = 64;

    /// The key of that name.
    #[inline]
    pub(super) fn get(&mut self, content: &Content, name: &str) -> &Key {
        if self.places.is_empty() || name.len() > Self::MAX_NAME {
            self.begin();
            self.passing.rewrite(content, name);
            return &self.passing;
        }
        // Places go by the content too, so that two clients on a thread do not take turns in one.
        let slot = Signature::of(name.as_bytes()).slot() + content.revision() as usize;
        let place = &mut self.places[slot % Self::PLACES];
        if place.revision != Some(content.revision()) || place.name != name {
            place.rewrite(content, name);
        }
        &place.key
    }

    fn begin(&mut self) {
        self.asked += 1;
        if self.asked == Self::PLACES {
            self.places.resize_with(Self::PLACES, Place::empty);
        }
    }
}

impl Default for KeyCache {
    fn default() -> Self {
        Self { places: Vec::new(), asked: 0, passing: Key::blank() }
    }
}

impl Place {
    fn empty() -> Self {
        Self { revision: None, name: String::new(), key: Key::blank() }
    }

    #[cold]
    fn rewrite(&mut self, content: &Content, name: &str) {
        self.revision = Some(content.revision());
        self.name.clear();
        self.name.push_str(name);
        self.key.rewrite(content, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PayloadLimits, Redaction};

    fn text(cache: &mut KeyCache, content: &Content, name: &str) -> (String, Option<&'static str>) {
        let key = cache.get(content, name);
        (String::from_utf8(key.quoted().to_vec()).unwrap(), key.replacement)
    }

    fn warm() -> KeyCache {
        let mut cache = KeyCache::default();
        (0..KeyCache::PLACES).for_each(|_| drop(text(&mut cache, Content::unchanged(), "a")));
        assert_eq!(cache.places.len(), KeyCache::PLACES);
        cache
    }

    #[test]
    fn a_key_from_the_cache_is_as_one_that_is_encoded() {
        let mut cache = warm();
        let contents = [Content::default(), Content::new(&PayloadLimits::none(), &Redaction::off())];
        let names = ["", "a", "b\"", "b\\\"", "__proto__", "_proto_", "token", "host", "\0", "\u{fffd}"];
        for round in 0..300 {
            // All names meet each other in all places, in turns.
            let name = format!("{}{}", names[round % names.len()], round / 7 % 5);
            for name in [name.as_str(), names[round % names.len()]] {
                for content in &contents {
                    let key = Key::new(content, name);
                    let expected = String::from_utf8(key.quoted().to_vec()).unwrap();
                    assert_eq!(text(&mut cache, content, name), (expected, key.replacement), "{name:?}");
                }
            }
        }
    }

    #[test]
    fn names_that_are_not_kept_are_encoded_in_the_same_memory() {
        for mut cache in [KeyCache::default(), warm()] {
            for name in ["x".repeat(200), "y".repeat(100), "z".repeat(65)] {
                assert_eq!(text(&mut cache, Content::unchanged(), &name).0, format!("\"{name}\""));
            }
            assert!(cache.passing.text.capacity() >= 200);
            assert!(cache.places.iter().all(|place| place.name.len() <= 1));
        }
    }
}
