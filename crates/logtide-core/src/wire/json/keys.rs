//! Detects duplicate keys of an object.

use std::{collections::BTreeSet, ops::Range};

/// The keys written to one object, so that none is written twice.
///
/// Keys are compared in the form in which they are in the buffer: quoted and fixed. A [`Signature`] rules out nearly
/// all others without comparing bytes, and a bit for each rules out most at once.
#[derive(Debug, Default)]
pub(super) struct Keys {
    seen: Vec<Seen>,
    bits: u128,
    /// The first key of each signature, once there are many.
    many: BTreeSet<Box<[u8]>>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    signature: Signature,
    start: usize,
    end: usize,
}

/// A number that is different for nearly all keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signature(u64);

/// Up to this many keys, a key is searched linearly.
const FEW: usize = 256;

impl Keys {
    /// The number of keys for which memory is kept.
    const MAX_KEPT: usize = 1_000;

    /// Clears the keys, and frees memory that few objects need.
    pub(super) fn clear(&mut self) {
        self.seen.clear();
        self.seen.shrink_to(Self::MAX_KEPT);
        self.bits = 0;
        if !self.many.is_empty() {
            self.many.clear();
        }
    }

    /// Adds a key that the object does not have, with the bit of its signature, and its position.
    #[inline]
    pub(super) fn push(&mut self, signature: Signature, bit: u128, place: Range<usize>) {
        self.bits |= bit;
        self.seen.push(Seen { signature, start: place.start, end: place.end });
    }

    /// Adds keys that the object does not have, with all their bits.
    #[inline]
    pub(super) fn extend(&mut self, bits: u128, keys: impl Iterator<Item = (Signature, Range<usize>)>) {
        self.bits |= bits;
        self.seen.extend(keys.map(|(signature, Range { start, end })| Seen { signature, start, end }));
    }

    /// Whether the object has a key, which is in a buffer.
    #[inline]
    pub(super) fn contains(&mut self, buffer: &[u8], key: &[u8], signature: Signature) -> bool {
        self.may_contain(signature.bit()) && self.find(buffer, key, signature)
    }

    /// Whether the object may have any of the keys with these bits.
    #[inline]
    pub(super) const fn may_contain(&self, bits: u128) -> bool {
        self.bits & bits != 0
    }

    /// The keys and their positions, in the order in which they were written.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Signature, Range<usize>)> {
        self.seen.iter().map(|key| (key.signature, key.start..key.end))
    }

    fn find(&mut self, buffer: &[u8], key: &[u8], signature: Signature) -> bool {
        if self.seen.len() > FEW {
            return self.find_among_many(buffer, key);
        }
        self.seen.iter().any(|seen| seen.signature == signature && &buffer[seen.start..seen.end] == key)
    }

    /// Otherwise an entry with a hundred thousand fields would take as many comparisons for each of them.
    #[cold]
    fn find_among_many(&mut self, buffer: &[u8], key: &[u8]) -> bool {
        let further = self.seen[self.many.len()..].iter().map(|seen| buffer[seen.start..seen.end].into());
        self.many.extend(further);
        self.many.contains(key)
    }
}

impl Signature {
    /// From the length and the ends of a key.
    #[inline]
    pub(super) fn of(key: &[u8]) -> Self {
        let half = |chunk: &[u8; 4]| u64::from(u32::from_le_bytes(*chunk));
        let ends = if let (Some(first), Some(last)) = (key.first_chunk::<8>(), key.last_chunk::<8>()) {
            u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29)
        } else if let (Some(first), Some(last)) = (key.first_chunk::<4>(), key.last_chunk::<4>()) {
            half(first) | half(last) << 32
        } else {
            key.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
        };
        Self(ends ^ (key.len() as u64).rotate_left(56))
    }

    /// One bit of 128.
    #[inline]
    pub(super) const fn bit(self) -> u128 {
        1 << self.slot()
    }

    /// A number below 128, from all bits of the signature.
    #[inline]
    pub(super) const fn slot(self) -> usize {
        // An odd number without a pattern: 2^64 divided by the golden ratio.
        (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 57) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_new_once_among_many() {
        let (mut keys, mut buffer) = (Keys::default(), Vec::new());
        for round in 0..3 {
            for at in 0..4 * FEW {
                // All signatures are equal.
                let key = format!("\"requests.{at:04}.seconds\"").into_bytes();
                let (signature, start) = (Signature::of(&key), buffer.len());
                assert_eq!(keys.contains(&buffer, &key, signature), round == 1, "{at} in round {round}");
                if round != 1 {
                    buffer.extend_from_slice(&key);
                    keys.push(signature, signature.bit(), start..buffer.len());
                }
            }
            assert!(keys.many.len() >= keys.seen.len() - 1, "they are compared one by one");
            if round == 1 {
                keys.clear();
            }
        }
    }

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
            ("\"request_id_1\"", false),
            ("\"request_id_3\"", true),
        ] {
            let (key, start) = (key.as_bytes(), buffer.len());
            let signature = Signature::of(key);
            assert_eq!(!keys.contains(&buffer, key, signature), new, "{key:?}");
            if new {
                buffer.extend_from_slice(key);
                keys.push(signature, signature.bit(), start..buffer.len());
            }
        }
        keys.clear();
        assert!(!keys.contains(&buffer, b"\"a\"", Signature::of(b"\"a\"")));
        assert!(keys.seen.capacity() > 0, "it is used again");
        (0..10_000).for_each(|at| keys.push(Signature::default(), 1, at..at));
        keys.clear();
        assert!(keys.seen.capacity() < 2_000, "what one object needed is given back");
    }
}
