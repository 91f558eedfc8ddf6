//! Counting received entries.

use std::{fmt, str::FromStr};

use memchr::memmem::Finder;

/// The entries by the `user_id` of the workload, in JSON and in OTLP protobuf.
#[derive(Debug)]
pub(super) struct Tally {
    finder: Finder<'static>,
    seen: Vec<u64>,
    pub(super) counts: Counts,
}

/// The sums of a tally.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Distinct ids.
    pub(super) distinct: u64,
    /// Entries whose id had arrived before.
    pub(super) repeated: u64,
    /// Request bodies.
    pub(super) requests: u64,
    /// Bytes of request bodies.
    pub(super) bytes: u64,
}

impl Default for Tally {
    fn default() -> Self {
        Self { finder: Finder::new(b"user_id"), seen: Vec::new(), counts: Counts::default() }
    }
}

impl Tally {
    /// Counts the entries of a request body, and returns their number.
    pub(super) fn count(&mut self, body: &[u8]) -> usize {
        self.counts.requests += 1;
        self.counts.bytes += body.len() as u64;
        let mut entries = 0;
        let mut rest = body;
        while let Some(at) = self.finder.find(rest) {
            rest = &rest[at + self.finder.needle().len()..];
            if let Some(id) = id_after_key(rest) {
                entries += 1;
                mark(&mut self.seen, &mut self.counts, id);
            }
        }
        entries
    }
}

fn mark(seen: &mut Vec<u64>, counts: &mut Counts, id: u64) {
    let (word, bit) = ((id / 64) as usize, 1 << (id % 64));
    if word >= seen.len() {
        seen.resize(word + 1, 0);
    }
    if seen[word] & bit == 0 {
        seen[word] |= bit;
        counts.distinct += 1;
    } else {
        counts.repeated += 1;
    }
}

/// `":123` in JSON; in protobuf field 2 with a message whose only field is the integer, number 3.
fn id_after_key(bytes: &[u8]) -> Option<u64> {
    match bytes {
        [b'"', b':', digits @ ..] => {
            let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
            std::str::from_utf8(&digits[..length]).ok()?.parse().ok()
        }
        [0x12, _, 0x18, varint @ ..] => {
            let end = varint.iter().take(10).position(|byte| byte & 0x80 == 0)?;
            Some(varint[..=end].iter().rev().fold(0, |id, byte| id << 7 | u64::from(byte & 0x7f)))
        }
        _ => None,
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { distinct, repeated, requests, bytes } = self;
        write!(formatter, "{distinct} {repeated} {requests} {bytes}")
    }
}

impl FromStr for Counts {
    type Err = Box<dyn std::error::Error>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let counts = text.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        let [distinct, repeated, requests, bytes] = counts[..] else {
            return Err(format!("the receiver tells four counts, not `{text}`").into());
        };
        Ok(Self { distinct, repeated, requests, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_counted_once_in_both_forms() {
        let mut tally = Tally::default();
        assert_eq!(tally.count(br#"{"logs":[{"m":{"user_id":0,"b":1}},{"m":{"user_id":300}}]}"#), 2);
        assert_eq!(tally.count(b"\x0a\x07user_id\x12\x03\x18\xac\x02\x0a\x07user_id\x12\x02\x18\x07"), 2);
        assert_eq!(tally.counts, Counts { distinct: 3, repeated: 1, requests: 2, bytes: 58 + 27 });
        assert_eq!(tally.counts.to_string().parse::<Counts>().unwrap(), tally.counts);
    }
}
