//! The position where a page ended.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::entry::format_time;
use crate::validate::{Zone, parse_time};

/// The last entry of a page, in the order of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Milliseconds since the epoch.
    pub(crate) time: i64,
    pub(crate) id: Uuid,
}

impl Cursor {
    /// Decodes the result of [`Cursor::encode`]. Anything else is not a cursor.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok()?;
        let (time, id) = std::str::from_utf8(&bytes).ok()?.split_once(',')?;
        Some(Self { time: parse_time(time, Zone::Any)?, id: id.parse().ok()? })
    }

    /// Base64 of `time,id`.
    pub(crate) fn encode(&self) -> String {
        STANDARD.encode(format!("{},{}", format_time(self.time), self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_and_ignores_rubbish() {
        let cursor = Cursor { time: 1_763_802_000_123, id: Uuid::from_u128(7) };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for text in ["", "?", "YWJj", "MjAyNi0xMS0yMlQwOTowMDowMFosbm8="] {
            assert_eq!(Cursor::decode(text), None, "{text}");
        }
    }
}
