//! The identity of an entry.

use std::fmt;

use uuid::{Builder, Uuid};

/// The identity of an entry: an id, a number, both or neither. It is sent as `metadata.event_id` and `metadata.seq`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// An id that no other entry has.
    pub event_id: Option<EventId>,
    /// The number of the entry among those of its client.
    pub sequence: Option<u64>,
}

/// The id of an entry: a UUID of version 7 (RFC 9562), which starts with a time.
///
/// ```
/// use logtide_core::EventId;
///
/// let id = EventId::new(1_645_557_742_000, 0);
/// assert_eq!(id.to_string(), "017f22e2-79b0-7000-8000-000000000000");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventId(Uuid);

impl EventId {
    /// The length of its text in characters.
    pub(crate) const CHARACTERS: usize = uuid::fmt::Hyphenated::LENGTH;

    /// Creates an id from a time in milliseconds since 1970, of which 48 bits are used, and from 74 bits of a random
    /// number.
    #[must_use]
    pub const fn new(millis: u64, random: u128) -> Self {
        let [.., a, b, c, d, e, f, g, h, i, j] = random.to_be_bytes();
        Self(Builder::from_unix_timestamp_millis(millis, &[a, b, c, d, e, f, g, h, i, j]).into_uuid())
    }

    pub(super) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    pub(super) const fn to_bytes(self) -> [u8; 16] {
        self.0.into_bytes()
    }

    /// The text of the id, in lowercase.
    pub(crate) fn write(self, text: &mut [u8; Self::CHARACTERS]) -> &str {
        self.0.hyphenated().encode_lower(text)
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.write(&mut [0; Self::CHARACTERS]))
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_id_has_the_time_the_version_and_the_variant_whatever_the_random_bits_are() {
        for random in [0, u128::MAX, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef] {
            for millis in [0, 1_645_557_742_000, (1 << 48) - 1] {
                let text = EventId::new(millis, random).to_string();
                let id = Uuid::parse_str(&text).expect("it is a UUID");
                assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
                assert_eq!(id.as_u128() >> 80, millis.into());
                assert!(text.len() == 36 && !text.contains(char::is_uppercase), "{text}");
            }
        }
    }

    #[test]
    fn each_of_74_random_bits_makes_another_event_id() {
        let ids: std::collections::HashSet<_> = (0..128).map(|bit| EventId::new(1, 1 << bit)).collect();
        assert_eq!(ids.len(), 74 + 1, "and the others make one");
    }
}
