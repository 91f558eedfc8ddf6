//! Entries whose content follows from their number, so that a reader can verify it.

/// From this number on, entries nearly have the largest size of 100 KiB.
pub(crate) const FULL_SIZE: u64 = 1 << 40;

/// The parts of a large entry. Each is below 10 KiB, the limit of a field.
const PARTS: u64 = 9;
const PART_BYTES: usize = 10_000;

/// Characters that JSON has to escape, and characters of one to four bytes.
const WORDS: [&str; 8] = ["a", "log ", "\"quoted\"", "back\\slash", "é", "日本", "😀", "{}[]:,"];

/// Returns the message of an entry in a row.
pub(crate) fn short(id: u64) -> String {
    format!("entry {id}")
}

/// Returns the message of an entry in a trial: a few hundred bytes, and some thousand in every sixteenth entry.
pub(crate) fn message(id: u64) -> String {
    let mut random = fastrand::Rng::with_seed(id);
    let word = WORDS[random.usize(..WORDS.len())];
    let bytes = random.usize(..if id.is_multiple_of(16) { 8_000 } else { 400 });
    format!("item {id}: {}", word.repeat(bytes / word.len()))
}

/// Returns the parts of an entry, which only a large one has.
pub(crate) fn parts(id: u64) -> Vec<String> {
    let part = |number| {
        let letter = char::from(b'a' + u8::try_from((id + number) % 26).unwrap_or_default());
        String::from(letter).repeat(PART_BYTES)
    };
    (0..if id < FULL_SIZE { 0 } else { PARTS }).map(part).collect()
}

/// Whether an entry matches its number.
pub(crate) fn is_right(id: u64, read: &str, read_parts: &[String]) -> bool {
    let is_right = if read.starts_with("entry ") { read == short(id) } else { read == message(id) };
    is_right && parts(id) == read_parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_that_of_its_number_alone() {
        for id in [0, 1, 16, 17, FULL_SIZE, FULL_SIZE + 1] {
            assert!(is_right(id, &message(id), &parts(id)));
            assert!(!is_right(id + 1, &message(id), &parts(id)));
        }
        assert!(is_right(7, "entry 7", &[]) && !is_right(7, "entry 8", &[]));
        assert!(!is_right(FULL_SIZE, &message(FULL_SIZE), &[]));
    }

    #[test]
    fn a_large_entry_is_near_its_limit() {
        let bytes: usize = parts(FULL_SIZE).iter().map(String::len).sum();
        assert!((90_000..100_000).contains(&bytes));
    }
}
