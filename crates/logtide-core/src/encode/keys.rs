//! Which keys an object has already.

use std::ops::Range;

/// The keys written to one object, so that none is written twice.
///
/// Keys are compared as they stand in the buffer, quoted and mended. A signature of their length and ends rules out nearly
/// all others without looking at the bytes, and a bit for each signature most of them at once.
#[derive(Debug, Default)]
pub(super) struct Keys {
    seen: Vec<Seen>,
    bits: u64,
}

#[derive(Debug)]
struct Seen {
    signature: u64,
    start: usize,
    end: usize,
}

impl Keys {
    pub(super) fn clear(&mut self) {
        self.seen.clear();
        self.bits = 0;
    }

    /// Notes the key that stands at a place of the buffer with its signature, or says `false` when the object has it.
    pub(super) fn insert(&mut self, buffer: &[u8], place: Range<usize>, signature: u64) -> bool {
        let is_new = !self.contains_signed(buffer, &buffer[place.clone()], signature);
        if is_new {
            self.push(signature, place);
        }
        is_new
    }

    /// Notes a key that the object does not have, and where it stands or will stand.
    pub(super) fn push(&mut self, signature: u64, place: Range<usize>) {
        self.bits |= bit(signature);
        self.seen.push(Seen { signature, start: place.start, end: place.end });
    }

    pub(super) fn contains(&self, buffer: &[u8], key: &[u8]) -> bool {
        self.contains_signed(buffer, key, signature(key))
    }

    /// Where the keys stand, in the order in which they were written.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.seen.iter().map(|key| key.start..key.end)
    }

    /// As [`Keys::contains`], with the signature of the key.
    pub(super) fn contains_signed(&self, buffer: &[u8], key: &[u8], signature: u64) -> bool {
        let same = |seen: &Seen| seen.signature == signature && &buffer[seen.start..seen.end] == key;
        self.bits & bit(signature) != 0 && self.seen.iter().any(same)
    }
}

/// One bit of 64, by all bits of a signature.
const fn bit(signature: u64) -> u64 {
    1 << (signature.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

/// A number that nearly all keys have for themselves.
pub(super) fn signature(key: &[u8]) -> u64 {
    let half = |chunk: &[u8; 4]| u64::from(u32::from_le_bytes(*chunk));
    let ends = if let (Some(first), Some(last)) = (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29)
    } else if let (Some(first), Some(last)) = (key.first_chunk::<4>(), key.last_chunk::<4>()) {
        half(first) | half(last) << 32
    } else {
        key.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
    };
    ends ^ (key.len() as u64).rotate_left(56)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_new_once() {
        let mut keys = Keys::default();
        let mut buffer = Vec::new();
        for (key, new) in [
            ("\"a\"", true),
            ("\"b\"", true),
            ("\"a\"", false),
            ("\"request_id_1\"", true),
            ("\"request_id_2\"", true),
        ] {
            let start = buffer.len();
            buffer.extend_from_slice(key.as_bytes());
            let signature = signature(&buffer[start..]);
            assert_eq!(keys.insert(&buffer, start..buffer.len(), signature), new, "{key}");
            if !new {
                buffer.truncate(start);
            }
        }
        assert!(keys.contains(&buffer, b"\"request_id_1\""));
        assert!(!keys.contains(&buffer, b"\"request_id_3\""));
    }
}
