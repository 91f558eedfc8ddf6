//! Values that are valid, but fail in the real server's database.

use std::collections::{HashMap, HashSet};

use crate::json::{Object, Value};

/// The largest index entry after compression, in bytes.
const MAX_INDEXED: usize = 2_670;

/// The most bytes of distinct words in one message.
const MAX_WORDS: usize = 780_000;

/// The length from which a word is not in the full-text index.
const IGNORED_WORD: usize = 2_047;

/// Whether metadata has neither a NUL in a key nor a lone surrogate.
pub(crate) fn metadata(object: &Object<'_>) -> bool {
    object
        .members
        .iter()
        .all(|(key, value)| !key.lone_surrogate && !key.text.contains('\0') && self::value(value))
}

/// Whether a value has neither.
pub(crate) fn value(value: &Value<'_>) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.lone_surrogate,
        Value::Array(items) => items.iter().all(self::value),
        Value::Object(object) => metadata(object),
    }
}

/// Whether a value fits an index once compressed.
pub(crate) fn indexed(text: &str) -> bool {
    text.len() <= MAX_INDEXED || compressed(text.as_bytes()) <= MAX_INDEXED
}

/// Whether the distinct words of a message fit the full-text index.
pub(crate) fn searchable(message: &str) -> bool {
    if message.len() <= MAX_WORDS {
        return true;
    }
    let words = message.split(|letter: char| !letter.is_alphanumeric());
    let distinct: HashSet<String> =
        words.filter(|word| word.len() < IGNORED_WORD).map(str::to_lowercase).collect();
    distinct.iter().map(String::len).sum::<usize>() <= MAX_WORDS
}

/// Returns the size after a simple Lempel-Ziv compression: literals, and three bytes for each repetition.
fn compressed(bytes: &[u8]) -> usize {
    const SHORTEST: usize = 4;
    const LONGEST: usize = 273;
    let mut seen: HashMap<&[u8], usize> = HashMap::new();
    let mut size = 0;
    let mut position = 0;
    while position < bytes.len() {
        let earlier = bytes.get(position..position + SHORTEST).and_then(|start| seen.insert(start, position));
        let same = earlier.map_or(0, |earlier| {
            let pairs = bytes[earlier..].iter().zip(&bytes[position..]);
            pairs.take(LONGEST).take_while(|(a, b)| a == b).count()
        });
        size += if same == 0 { 1 } else { 3 };
        position += same.max(1);
    }
    size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_fit_an_index_only_if_they_repeat() {
        let mut random = fastrand::Rng::with_seed(1);
        let noise: String = std::iter::repeat_with(|| random.alphanumeric()).take(2_800).collect();
        assert!(indexed(&noise[..2_600]));
        assert!(!indexed(&noise));
        assert!(indexed(&"a".repeat(100_000)));
    }

    #[test]
    fn many_distinct_words_do_not_fit_the_full_text_index() {
        let distinct: String = (0..120_000).map(|number| format!("w{number:07} ")).collect();
        assert!(!searchable(&distinct));
        assert!(searchable(&"one backtrace line\n".repeat(70_000)));
        assert!(searchable(&"a".repeat(3_000_000)));
    }
}
