//! Decodes UTF-8.

/// Replaces bytes that are not UTF-8.
const REPLACEMENT: &str = "\u{FFFD}";

/// Decodes UTF-8 as specified by the Encoding Standard, from chunks that may end inside a character.
#[derive(Default)]
pub(super) struct Utf8 {
    /// The start of a character that the last chunk cut off.
    cut: [u8; 4],
    len: usize,
}

impl Utf8 {
    /// Calls `each` with the text of a chunk, in as few pieces as possible. No piece ends inside a character.
    pub(super) fn decode(&mut self, chunk: &[u8], mut each: impl FnMut(&str)) {
        let chunk = if self.len == 0 { chunk } else { self.complete(chunk, &mut each) };
        let (whole, cut) = chunk.split_at(chunk.len() - cut_bytes(chunk));
        self.cut[self.len..self.len + cut.len()].copy_from_slice(cut);
        self.len += cut.len();
        replace_invalid(whole, each);
    }

    /// Completes the character that the last chunk cut off. Returns the rest of the chunk.
    fn complete<'c>(&mut self, chunk: &'c [u8], each: impl FnMut(&str)) -> &'c [u8] {
        let missing = width(self.cut[0]) - self.len;
        let found = chunk.iter().take(missing).take_while(|byte| is_continuation(**byte)).count();
        let (continuation, rest) = chunk.split_at(found);
        self.cut[self.len..self.len + found].copy_from_slice(continuation);
        self.len += found;
        if found == missing || !rest.is_empty() {
            replace_invalid(&self.cut[..self.len], each);
            self.len = 0;
        }
        rest
    }
}

fn replace_invalid(bytes: &[u8], mut each: impl FnMut(&str)) {
    if let Ok(text) = str::from_utf8(bytes) {
        return each(text);
    }
    for piece in bytes.utf8_chunks() {
        each(piece.valid());
        if !piece.invalid().is_empty() {
            each(REPLACEMENT);
        }
    }
}

/// How many bytes at the end may start a character that continues in the next chunk.
fn cut_bytes(bytes: &[u8]) -> usize {
    let continuations = bytes.iter().rev().take(3).take_while(|byte| is_continuation(**byte)).count();
    let len = continuations + 1;
    match bytes.len().checked_sub(len) {
        Some(first) if width(bytes[first]) > len => len,
        _ => 0,
    }
}

/// The length of a character with this first byte, or 1 if no character starts with it.
const fn width(first: u8) -> usize {
    match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    }
}

const fn is_continuation(byte: u8) -> bool {
    matches!(byte, 0x80..=0xBF)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> String {
        let (mut utf8, mut text) = (Utf8::default(), String::new());
        chunks.into_iter().for_each(|chunk| utf8.decode(chunk, |piece| text.push_str(piece)));
        text
    }

    #[test]
    fn a_cut_character_waits_for_its_rest() {
        for text in ["ä", "€", "🦀", "a🦀b"] {
            assert_eq!(decode(text.as_bytes().chunks(1)), text);
        }
        assert_eq!(decode([&b"a\xF0\x9F"[..]]), "a");
        assert_eq!(decode([&b"a\xF0\x9F"[..], b"", b"b"]), "a\u{FFFD}b");
    }

    proptest! {
        #[test]
        fn invalid_bytes_are_replaced_as_the_standard_says_wherever_chunks_end(
            bytes in prop::collection::vec(
                prop_oneof![
                    any::<u8>(),
                    prop::sample::select(&b"a\x80\xA0\xBF\xC1\xC2\xE0\xE2\xED\xEF\xF0\xF4\xF5"[..]),
                ],
                0..40,
            ),
            size in 1..8_usize,
        ) {
            // A line feed ends a character that the bytes end in.
            let whole = [&bytes[..], b"\n"].concat();
            prop_assert_eq!(decode(whole.chunks(size)), String::from_utf8_lossy(&whole));
        }
    }
}
