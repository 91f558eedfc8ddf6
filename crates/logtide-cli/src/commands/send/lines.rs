//! Splitting bytes into lines.

/// Splits bytes into lines and truncates each line to a limit, which also bounds the memory.
#[derive(Debug)]
pub(super) struct Lines {
    max: usize,
    /// The start of an incomplete line.
    partial: Vec<u8>,
    /// The length of that line so far.
    length: u64,
}

/// A line without its line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// The bytes that are kept.
    pub(super) bytes: &'a [u8],
    /// The full length in bytes.
    pub(super) length: u64,
    /// The position in the input after the line break.
    pub(super) end: u64,
}

impl Line<'_> {
    /// Whether it exceeded the limit.
    pub(super) const fn is_cut(&self) -> bool {
        self.length > self.bytes.len() as u64
    }
}

impl Lines {
    /// Creates a splitter with this limit in bytes.
    pub(super) const fn new(max: usize) -> Self {
        Self { max, partial: Vec::new(), length: 0 }
    }

    /// Splits bytes that begin at a position, and passes on each line that ends in them.
    pub(super) fn feed(&mut self, bytes: &[u8], position: u64, mut line: impl FnMut(Line<'_>)) {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            let (part, end) = (&bytes[start..end], end + 1);
            start = end;
            let end = position + end as u64;
            if self.length == 0 {
                line(cut(part, part.len() as u64, self.max, end));
            } else {
                self.keep(part);
                line(cut(&self.partial, self.length, self.max, end));
                self.forget();
            }
        }
        self.keep(&bytes[start..]);
    }

    /// Passes on the rest at the end of the input, which has this length.
    pub(super) fn finish(&mut self, position: u64, line: impl FnOnce(Line<'_>)) {
        if self.length > 0 {
            line(cut(&self.partial, self.length, self.max, position));
            self.forget();
        }
    }

    fn keep(&mut self, part: &[u8]) {
        // One byte more than is kept tells the end of a line from a truncation.
        let space = (self.max + 1).saturating_sub(self.partial.len());
        self.partial.extend_from_slice(&part[..part.len().min(space)]);
        self.length += part.len() as u64;
    }

    fn forget(&mut self) {
        self.partial.clear();
        self.partial.shrink_to(64 * 1024);
        self.length = 0;
    }
}

fn cut(bytes: &[u8], length: u64, max: usize, end: u64) -> Line<'_> {
    let (bytes, length) = match bytes.split_last() {
        Some((b'\r', rest)) if length == bytes.len() as u64 => (rest, length - 1),
        _ => (bytes, length),
    };
    Line { bytes: &bytes[..bytes.len().min(max)], length, end }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns the lines of some chunks, with their lengths and positions.
    fn lines(chunks: &[&[u8]], max: usize) -> Vec<(Vec<u8>, u64, u64)> {
        let (mut lines, mut position, mut found) = (Lines::new(max), 0, Vec::new());
        for chunk in chunks {
            lines.feed(chunk, position, |line| found.push((line.bytes.to_vec(), line.length, line.end)));
            position += chunk.len() as u64;
        }
        lines.finish(position, |line| found.push((line.bytes.to_vec(), line.length, line.end)));
        found
    }

    #[test]
    fn a_long_line_is_cut_and_its_length_known() {
        let long = vec![b'x'; 10_000_000];
        let mut chunks: Vec<&[u8]> = long.chunks(65_536).collect();
        chunks.push(b"\r\nshort\r\n");
        assert_eq!(
            lines(&chunks, 1_000),
            [(vec![b'x'; 1_000], 10_000_001, 10_000_002), (b"short".to_vec(), 5, 10_000_009)]
        );
    }

    #[test]
    fn what_is_held_of_a_long_line_is_bounded() {
        let mut lines = Lines::new(1_000);
        (0..100).for_each(|_| lines.feed(&[b'x'; 65_536], 0, |_| unreachable!()));
        assert!(lines.partial.capacity() <= 2_048, "{}", lines.partial.capacity());
    }

    proptest! {
        #[test]
        fn no_byte_is_lost_however_they_come(
            bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'a'), any::<u8>()], 0..300),
            size in 1_usize..40,
        ) {
            let chunks: Vec<&[u8]> = bytes.chunks(size).collect();
            let found = lines(&chunks, 1_000);
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            let text = text.strip_suffix('\r').unwrap_or(&text);
            let whole: Vec<_> = text.split_terminator('\n').map(str::to_owned).collect();
            let seen: Vec<_> = found.iter().map(|(line, ..)| String::from_utf8_lossy(line).into_owned()).collect();
            // Only one of the two sees a last line that is just a carriage return.
            let strip = |mut lines: Vec<String>| { while lines.last().is_some_and(String::is_empty) { lines.pop(); } lines };
            prop_assert_eq!(strip(seen), strip(whole));
        }
    }
}
