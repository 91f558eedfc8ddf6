//! Entries whose content follows from their number, so that a body can be checked byte by byte.

use std::fmt::Write as _;

/// How the server treats an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    Good,
    /// A batch with it gets status 400.
    Refused,
    /// A batch with it gets status 200, and nothing of it is stored.
    Swallowed,
    /// The server stores the others of its batch and lists it in `rejected`.
    Listed,
    /// A batch with it gets status 500.
    Crashing,
}

/// The form of the entries of one run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Make {
    pub(super) seed: u64,
    /// The most bytes of padding.
    pub(super) padding: u64,
    /// How many times longer the padding is in a body.
    pub(super) swell: usize,
    /// One in this many entries is invalid; 0 for none.
    pub(super) bad_one_in: u64,
    /// Whether the server fails on some of the invalid ones instead of rejecting them.
    pub(super) crashing: bool,
}

impl Make {
    /// The message of an entry.
    pub(super) fn message(self, id: u64) -> String {
        text(id, self.padding_of(id))
    }

    /// The entry in a body.
    pub(super) fn entry(self, id: u64) -> String {
        text(id, self.padding_of(id) * self.swell)
    }

    /// Writes the entry of a body that has this message.
    pub(super) fn swell(self, message: &str, body: &mut Vec<u8>) {
        let (start, end) = (message.find('x').unwrap_or(message.len() - 2), message.len() - 2);
        body.extend_from_slice(&message.as_bytes()[..start]);
        body.resize(body.len() + (end - start) * self.swell, b'x');
        body.extend_from_slice(&message.as_bytes()[end..]);
    }

    /// The number of an entry or message.
    pub(super) fn id(text: &str) -> u64 {
        let id = text.strip_prefix("{\"id\":").and_then(|text| text.split(',').next());
        id.and_then(|id| id.parse().ok()).expect("an entry has a number")
    }

    pub(super) fn nature(self, id: u64) -> Nature {
        if self.bad_one_in == 0 || !self.hash(id, 2).is_multiple_of(self.bad_one_in) {
            return Nature::Good;
        }
        let natures = [Nature::Refused, Nature::Swallowed, Nature::Listed, Nature::Crashing];
        natures[(self.hash(id, 3) % if self.crashing { 4 } else { 3 }) as usize]
    }

    /// Returns the numbers of a body's entries. Panics unless the body consists of exactly these entries.
    pub(super) fn read(self, body: &[u8]) -> Vec<u64> {
        let text = std::str::from_utf8(body).expect("a body is UTF-8");
        let ids: Vec<u64> = text
            .split("{\"id\":")
            .skip(1)
            .map(|part| part.split(',').next().and_then(|id| id.parse().ok()).expect("an entry has a number"))
            .collect();
        let mut expected = String::with_capacity(text.len());
        expected.push_str("{\"logs\":[");
        for (index, id) in ids.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(expected, "{comma}{}", self.entry(*id)).expect("a string takes all text");
        }
        expected.push_str("]}");
        assert_eq!(text, expected, "the body is not what its entries make");
        ids
    }

    fn padding_of(self, id: u64) -> usize {
        (self.hash(id, 1) % (self.padding + 1)) as usize
    }

    /// Hashes the number with SplitMix64.
    fn hash(self, id: u64, salt: u64) -> u64 {
        let mut mixed = (self.seed ^ (salt << 56)).wrapping_add((id + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn text(id: u64, padding: usize) -> String {
    format!("{{\"id\":{id},\"pad\":\"{}\"}}", "x".repeat(padding))
}
