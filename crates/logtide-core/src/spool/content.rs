//! The content of a file.

use std::ops::Range;

use crate::Timestamp;

/// The start of every header.
pub(super) const MAGIC: &str = "#logtide-spool";

/// The version of the format that is written and read.
pub(super) const VERSION: u32 = 1;

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Entries of the wire.
    Entries(Entries),
    /// Another version of this SDK or another wire wrote it. It is skipped.
    Foreign {
        /// What wrote it.
        detail: String,
    },
}

/// The entries of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entries {
    /// The position of the text of each.
    pub(crate) texts: Vec<Range<usize>>,
    /// How many more there were, which are lost.
    pub(crate) lost: u64,
    /// Whether it is damaged, other than that its end is missing.
    pub(crate) is_damaged: bool,
    /// When its last block was written.
    pub(crate) written: Option<Timestamp>,
}

/// Reads a file for a wire of that name.
///
/// Everything readable is read: a damaged line loses only its entry, and a damaged header loses none.
pub(crate) fn read(bytes: &[u8], wire: &str) -> Content {
    let mut reader = Reader { bytes, at: 0, found: Entries::default(), expected: None, bad: 0, before: 0 };
    while reader.at < bytes.len() {
        if let Some(header) = Header::read(&bytes[reader.at..]) {
            if header.version == VERSION && header.wire == wire {
                reader.begin_block(&header);
                continue;
            }
            if reader.at == 0 {
                let Header { version, wire, .. } = header;
                return Content::Foreign { detail: format!("version {version} of the format, wire {wire}") };
            }
        } else if reader.entry() {
            continue;
        }
        reader.skip();
    }
    reader.end_block();
    Content::Entries(reader.found)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    found: Entries,
    /// Entries of the block, as its header says.
    expected: Option<u64>,
    /// Lines of the block that are not entries.
    bad: u64,
    /// Entries before the block.
    before: usize,
}

impl Reader<'_> {
    fn begin_block(&mut self, header: &Header<'_>) {
        self.end_block();
        self.expected = Some(header.entries);
        self.found.written = Some(header.written);
        self.end_line(header.bytes);
    }

    /// Counts what the block lacks.
    fn end_block(&mut self) {
        let got = (self.found.texts.len() - self.before) as u64;
        self.found.lost += self.expected.map_or(self.bad, |expected| expected.saturating_sub(got));
        self.before = self.found.texts.len();
        (self.expected, self.bad) = (None, 0);
    }

    /// Reads the entry that starts here.
    fn entry(&mut self) -> bool {
        let Some(text) = entry(&self.bytes[self.at..]) else { return false };
        let length = text.end;
        self.found.texts.push(self.at + text.start..self.at + text.end);
        self.end_line(length);
        true
    }

    /// Continues after a line of this length in bytes.
    fn end_line(&mut self, bytes: usize) {
        self.at += bytes;
        self.found.is_damaged |= self.bytes.get(self.at).is_some_and(|end| *end != b'\n');
        self.at += 1;
    }

    /// Continues after an invalid line. A line without its end was not written completely.
    fn skip(&mut self) {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|byte| *byte == b'\n');
        let line = &rest[..end.unwrap_or(rest.len())];
        self.found.is_damaged |= end.is_some();
        let name = &MAGIC.as_bytes()[1..];
        let is_header = line.starts_with(b"#") || line.windows(name.len()).any(|part| part == name);
        self.bad += u64::from(!is_header);
        self.at += line.len() + 1;
    }
}

struct Header<'a> {
    version: u32,
    wire: &'a str,
    entries: u64,
    written: Timestamp,
    /// Its own length, without the end of its line.
    bytes: usize,
}

impl<'a> Header<'a> {
    /// More than any header has.
    const MOST: usize = 128;

    fn read(bytes: &'a [u8]) -> Option<Self> {
        let text = bytes.get(..Self::MOST).unwrap_or(bytes);
        let text = &text[..text.iter().position(|byte| !matches!(byte, b' '..=b'~')).unwrap_or(text.len())];
        let text = std::str::from_utf8(text).ok()?;
        let mut fields = text.strip_prefix(MAGIC)?.strip_prefix(' ')?.splitn(5, ' ');
        let version = fields.next()?.parse().ok()?;
        let wire = fields.next()?;
        let entries = fields.next()?.parse().ok()?;
        let written: i64 = fields.next()?.parse().ok()?;
        let rest = fields.next()?;
        let crc = hexadecimal(rest.as_bytes())?;
        let before = text.len() - rest.len() - 1;
        if crc32fast::hash(&bytes[..before]) != crc {
            return None;
        }
        let written = Timestamp::from_micros(written.saturating_mul(1_000));
        Some(Self { version, wire, entries, written, bytes: before + 1 + CRC })
    }
}

/// Digits of a CRC.
const CRC: usize = 8;

/// The position of the text of the entry that starts here.
fn entry(bytes: &[u8]) -> Option<Range<usize>> {
    let crc = hexadecimal(bytes)?;
    let rest = bytes[CRC..].strip_prefix(b" ")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let length: usize = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
    let start = CRC + 1 + digits + 1;
    let end = start.checked_add(length)?;
    let text = bytes.get(start..end)?;
    (rest.get(digits) == Some(&b' ') && crc32fast::hash(text) == crc).then_some(start..end)
}

fn hexadecimal(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.get(..CRC)?;
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests;
