//! Entries whose whole form follows from their number, so that a body can be checked byte by byte.

use std::fmt::Write as _;

/// What the server thinks of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    Good,
    /// A batch with it is answered with 400.
    Refused,
    /// A batch with it is answered with 200, and nothing of it is stored.
    Swallowed,
    /// The server stores the others of its batch and lists it in `rejected`.
    Listed,
    /// A batch with it is answered with 500.
    Crashing,
}

/// How the entries of one run look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Make {
    pub(super) seed: u64,
    /// Bytes of padding at most.
    pub(super) padding: u64,
    /// How many times longer the padding is in a body.
    pub(super) swell: usize,
    /// One entry in so many is bad; 0 for none.
    pub(super) bad_one_in: u64,
    /// Whether the server fails on some of the bad ones, instead of refusing them.
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

    /// Reads the numbers of a body's entries, and panics unless the body is exactly what these entries make.
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

    /// SplitMix64 of the number.
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
