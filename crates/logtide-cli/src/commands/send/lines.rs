//! From bytes to lines.

/// Cuts bytes into lines, and lines to a largest length. What it holds is bounded by that.
#[derive(Debug)]
pub(super) struct Lines {
    max: usize,
    /// The start of a line whose end has not come.
    partial: Vec<u8>,
    /// Bytes of that line in all.
    length: u64,
}

/// A line without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// What is kept of it.
    pub(super) bytes: &'a [u8],
    /// Bytes that it has.
    pub(super) length: u64,
    /// Bytes from the start of the input to behind its end.
    pub(super) end: u64,
}

impl Line<'_> {
    /// Whether it was longer than a line may be.
    pub(super) const fn is_cut(&self) -> bool {
        self.length > self.bytes.len() as u64
    }
}

impl Lines {
    /// Lines of at most so many bytes.
    pub(super) const fn new(max: usize) -> Self {
        Self { max, partial: Vec::new(), length: 0 }
    }

    /// Takes bytes that begin at a position, and gives each line that ends in them.
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

    /// Gives what is left at the end of the input, which has that length.
    pub(super) fn finish(&mut self, position: u64, line: impl FnOnce(Line<'_>)) {
        if self.length > 0 {
            line(cut(&self.partial, self.length, self.max, position));
            self.forget();
        }
    }

    fn keep(&mut self, part: &[u8]) {
        // One more than is kept tells the end of a line from a cut.
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

    /// The lines of chunks, whole or cut, with what was cut off.
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
            // A last line of nothing but a carriage return is no line for one and an empty one for the other.
            let strip = |mut lines: Vec<String>| { while lines.last().is_some_and(String::is_empty) { lines.pop(); } lines };
            prop_assert_eq!(strip(seen), strip(whole));
        }
    }
}
