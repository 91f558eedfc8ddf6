//! JSON strings.

use std::borrow::Cow;

/// Writes the inside of a JSON string: quotes, backslashes and control characters escaped, NUL as U+FFFD.
///
/// Servers lose a NUL, reject the batch or store nothing of it, depending on version and place.
#[inline]
pub(super) fn write_escaped(out: &mut Vec<u8>, text: &str) {
    if is_plain::<false>(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        write_escaping(out, text.as_bytes());
    }
}

/// Writes a JSON string with its quotes, if its bytes are ASCII and need no escaping.
#[inline]
pub(super) fn write_plain(out: &mut Vec<u8>, text: &[u8]) -> bool {
    let is_plain = is_plain::<true>(text);
    if is_plain {
        write_quoted(out, text);
    }
    is_plain
}

/// Writes bytes in quotes.
#[inline]
pub(super) fn write_quoted(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    out.extend_from_slice(bytes);
    out.push(b'"');
}

/// Writes a JSON string with its quotes.
#[inline]
pub(super) fn write_string(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    write_escaped(out, text);
    out.push(b'"');
}

/// Like [`cut_bytes`](crate::limits::cut_bytes), for a text in which each NUL becomes U+FFFD.
pub(super) fn cut_fixed_bytes(text: &str, limit: usize) -> &str {
    let replaced = |character: char| if character == '\0' { '\u{fffd}' } else { character };
    // A byte becomes at most three.
    if 3 * text.len() <= limit { text } else { cut(text, limit, |character| replaced(character).len_utf8()) }
}

/// The longest prefix of a text that has at most this many UTF-16 units and ends at a character.
pub(super) fn cut_utf16(text: &str, limit: usize) -> &str {
    if text.len() <= limit { text } else { cut(text, limit, char::len_utf16) }
}

fn cut(text: &str, limit: usize, size: impl Fn(char) -> usize) -> &str {
    let mut taken = 0;
    let mut ends = text.char_indices().map(|(at, character)| {
        taken += size(character);
        (at, taken)
    });
    ends.find(|(_, taken)| *taken > limit).map_or(text, |(at, _)| &text[..at])
}

/// A text as it is read back after [`write_escaped`].
pub(super) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Whether a byte needs escaping in a JSON string, or is not ASCII if that is required.
const fn is_refused<const ASCII: bool>(byte: u8) -> bool {
    is_special(byte) | (ASCII && !byte.is_ascii())
}

/// Whether no byte needs escaping in a JSON string, and all are ASCII if that is required.
#[inline]
pub(super) fn is_plain<const ASCII: bool>(bytes: &[u8]) -> bool {
    let half = |chunk: &[u8; 4]| u64::from(u32::from_le_bytes(*chunk));
    // The last bytes are checked together, some of them twice, rather than one by one.
    if let Some(last) = bytes.last_chunk::<16>() {
        bytes.as_chunks::<16>().0.iter().all(is_plain_chunk::<ASCII>) && is_plain_chunk::<ASCII>(last)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        refused::<ASCII>(u64::from_le_bytes(*first)) | refused::<ASCII>(u64::from_le_bytes(*last)) == 0
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        refused::<ASCII>(half(first) | half(last) << 32) == 0
    } else {
        !bytes.iter().any(|byte| is_refused::<ASCII>(*byte))
    }
}

/// Without a branch, so that the compiler checks all bytes in one step.
#[inline]
fn is_plain_chunk<const ASCII: bool>(chunk: &[u8; 16]) -> bool {
    !chunk.iter().fold(false, |any, byte| any | is_refused::<ASCII>(*byte))
}

/// Eight bytes with the high bit set in those that need escaping. Zero if there are none.
#[inline]
const fn refused<const ASCII: bool>(word: u64) -> u64 {
    specials(word) | if ASCII { word & HIGHS } else { 0 }
}

#[cold]
fn write_escaping(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut clean = 0;
    while let Some(special) = next_special(bytes, clean) {
        out.extend_from_slice(&bytes[clean..special]);
        write_special(out, bytes[special]);
        clean = special + 1;
    }
    out.extend_from_slice(&bytes[clean..]);
}

/// The first byte from `at` on that needs escaping. Eight bytes are checked in one step.
fn next_special(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let found = specials(u64::from_le_bytes(*chunk));
        if found != 0 {
            // Borrows only affect bytes above a match, so the lowest match is real.
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    bytes[at..].iter().position(|byte| is_special(*byte)).map(|offset| at + offset)
}

/// The high bit of each of eight bytes.
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Eight bytes with the high bit set in the lowest special one. Zero if there are none.
const fn specials(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let below_space = word.wrapping_sub(ONES * 0x20) & !word;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    (below_space | (quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash)) & HIGHS
}

fn write_special(out: &mut Vec<u8>, byte: u8) {
    const HEX: [u8; 16] = *b"0123456789abcdef";
    match byte {
        0 => out.extend_from_slice("\u{fffd}".as_bytes()),
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        other => {
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(other >> 4)]);
            out.push(HEX[usize::from(other & 15)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_cut_at_characters() {
        assert_eq!(cut_utf16("a😀b", 2), "a");
        assert_eq!(cut_utf16("a😀b", 3), "a😀");
        assert_eq!(cut_utf16(&"ä".repeat(100), 100).chars().count(), 100);
        assert_eq!((cut_fixed_bytes("\0\0b", 6), cut_fixed_bytes("\0ab", 5)), ("\0\0", "\0ab"));
    }

    proptest! {
        #[test]
        fn any_text_reads_back_with_nul_replaced(text in any::<String>(), padding in 0usize..9) {
            let text = format!("{}{text}", "x".repeat(padding));
            let mut out = Vec::new();
            write_string(&mut out, &text);
            let back: String = serde_json::from_slice(&out).unwrap();
            prop_assert_eq!(back, text.replace('\0', "\u{fffd}"));
        }

        #[test]
        fn a_plain_text_is_written_as_any_other_and_all_others_are_left_to_that(text in "[ -~]{0,40}|.{0,20}|\\PC{0,20}") {
            let (mut plain, mut any) = (Vec::new(), Vec::new());
            write_string(&mut any, &text);
            let is_plain = write_plain(&mut plain, text.as_bytes());
            prop_assert_eq!(is_plain, text.is_ascii() && !text.bytes().any(is_special));
            prop_assert_eq!(plain, if is_plain { any } else { Vec::new() });
        }

        #[test]
        fn every_special_byte_is_found_at_every_offset(before in 0usize..20, special in prop::sample::select(vec![0u8, 9, 10, 13, 31, b'"', b'\\']), after in 0usize..20) {
            let text = format!("{}{}{}", "y".repeat(before), char::from(special), "\u{7f}".repeat(after));
            prop_assert_eq!(next_special(text.as_bytes(), 0), Some(before));
            prop_assert!(!is_plain::<false>(text.as_bytes()));
            prop_assert!(is_plain::<false>(&text.as_bytes()[..before]));
        }
    }
}
