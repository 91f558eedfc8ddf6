//! Entries on their way in one request.

use bytes::{Bytes, BytesMut};

use crate::{Tick, limits::MAX_BATCH_ENTRIES};

const PREFIX: &[u8] = b"{\"logs\":[";
const SUFFIX: &[u8] = b"]}";

/// Entries and bytes, counted together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) entries: usize,
    pub(crate) bytes: usize,
}

impl Size {
    pub(crate) fn add(&mut self, other: Self) {
        self.entries += other.entries;
        self.bytes += other.bytes;
    }

    pub(crate) fn subtract(&mut self, other: Self) {
        self.entries -= other.entries;
        self.bytes -= other.bytes;
    }
}

/// Entries in call order, kept as the request body that will carry them.
#[derive(Debug)]
pub(crate) struct Batch {
    body: Body,
    /// Where each entry ends in the body.
    ends: Vec<u32>,
    /// Entries at the front that were dropped and are still in the body.
    skipped: usize,
    /// The number of the first entry, counted over all that the pipeline took.
    pub(crate) first: u64,
    /// When the first entry came.
    pub(crate) since: Tick,
    /// When it may go out.
    pub(crate) not_before: Tick,
    /// Failed attempts so far.
    pub(crate) attempts: u32,
    /// How often in a row the server named the time of the next attempt.
    pub(crate) waits: u32,
    /// Whether it takes no more entries.
    pub(crate) sealed: bool,
    /// Whether it has stopped waiting for more entries.
    pub(crate) due: bool,
    /// Whether it may hold a bad entry and is sent beside the others, at the pace of the [`Budget`](crate::budget::Budget).
    pub(crate) suspect: bool,
    /// How many batches the server had taken when it last failed on this one.
    pub(crate) failed_after: Option<u64>,
    /// How often the server failed on this one entry while it took others.
    pub(crate) doubts: u32,
}

#[derive(Debug)]
enum Body {
    /// Prefix and entries; the suffix is missing.
    Open(BytesMut),
    Whole(Bytes),
}

impl Batch {
    pub(crate) fn new(mut spare: BytesMut, first: u64, since: Tick) -> Self {
        spare.clear();
        spare.extend_from_slice(PREFIX);
        Self {
            body: Body::Open(spare),
            ends: Vec::new(),
            skipped: 0,
            first,
            since,
            not_before: Tick::ZERO,
            attempts: 0,
            waits: 0,
            sealed: false,
            due: false,
            suspect: false,
            failed_after: None,
            doubts: 0,
        }
    }

    /// Bytes of a request body with one entry of that length.
    pub(crate) const fn request_len_of(entry: usize) -> usize {
        PREFIX.len() + entry + SUFFIX.len()
    }

    /// Whether an entry of that length still fits.
    pub(crate) fn fits(&self, entry: usize, limit: usize) -> bool {
        !self.sealed
            && self.ends.len() < MAX_BATCH_ENTRIES
            && self.body_len() + SUFFIX.len() + 1 + entry <= limit
    }

    pub(crate) fn append(&mut self, entry: &[u8]) {
        let Body::Open(body) = &mut self.body else {
            unreachable!("only an open batch takes entries, and a whole one is sealed");
        };
        if !self.ends.is_empty() {
            body.extend_from_slice(b",");
        }
        body.extend_from_slice(entry);
        // A body holds at most 50 MiB, see `limits::MAX_BODY_BYTES`.
        self.ends.push(body.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len() - self.skipped
    }

    pub(crate) fn size(&self) -> Size {
        let bytes = (self.skipped..self.ends.len()).map(|index| self.entry_len(index)).sum();
        Size { entries: self.len(), bytes }
    }

    /// Bytes of the request body.
    pub(crate) fn request_len(&self) -> usize {
        match self.skipped.checked_sub(1) {
            None => self.body_len() + if self.is_whole() { 0 } else { SUFFIX.len() },
            Some(last) => PREFIX.len() + self.entries_end() - (self.ends[last] as usize + 1) + SUFFIX.len(),
        }
    }

    /// Drops the oldest entry and gives its length.
    pub(crate) fn skip(&mut self) -> usize {
        let bytes = self.entry_len(self.skipped);
        self.skipped += 1;
        self.first += 1;
        bytes
    }

    /// The request body. The batch takes no more entries after it.
    pub(crate) fn request(&mut self) -> Bytes {
        self.sealed = true;
        self.due = true;
        if self.skipped > 0 {
            let kept = self.part(0, self.len());
            self.body = kept.body;
            self.ends = kept.ends;
            self.skipped = 0;
        }
        let body = match std::mem::replace(&mut self.body, Body::Whole(Bytes::new())) {
            Body::Open(mut body) => {
                body.extend_from_slice(SUFFIX);
                body.freeze()
            }
            Body::Whole(body) => body,
        };
        self.body = Body::Whole(body.clone());
        body
    }

    /// Divides the batch where `at` entries are in the first part. Both parts are due, take no more entries and start with fresh
    /// attempts.
    pub(crate) fn split(self, at: usize) -> [Self; 2] {
        [self.part(0, at), self.part(at, self.len())].map(|part| Self {
            sealed: true,
            due: true,
            suspect: self.suspect,
            failed_after: self.failed_after,
            ..part
        })
    }

    /// How many entries the first half by bytes has: at least one, and one is left for the second.
    pub(crate) fn middle_by_bytes(&self) -> usize {
        let half = self.size().bytes / 2;
        let mut sum = 0;
        let count = (self.skipped..self.ends.len())
            .take_while(|index| {
                sum += self.entry_len(*index);
                sum <= half
            })
            .count();
        count.clamp(1, self.len() - 1)
    }

    /// The buffer, for the next batch, when nobody else holds it.
    pub(crate) fn into_spare(self) -> Option<BytesMut> {
        match self.body {
            Body::Open(body) => Some(body),
            Body::Whole(body) => body.try_into_mut().ok(),
        }
    }

    fn part(&self, from: usize, to: usize) -> Self {
        let (from, to) = (from + self.skipped, to + self.skipped);
        let (start, end) = (self.entry_start(from), self.ends[to - 1] as usize);
        let mut body = BytesMut::with_capacity(PREFIX.len() + end - start + SUFFIX.len());
        body.extend_from_slice(PREFIX);
        body.extend_from_slice(&self.bytes()[start..end]);
        let shift = start - PREFIX.len();
        Self {
            body: Body::Open(body),
            ends: self.ends[from..to].iter().map(|end| end - shift as u32).collect(),
            first: self.first + (from - self.skipped) as u64,
            ..Self::new(BytesMut::new(), 0, self.since)
        }
    }

    fn entry_start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(PREFIX.len(), |before| self.ends[before] as usize + 1)
    }

    fn entry_len(&self, index: usize) -> usize {
        self.ends[index] as usize - self.entry_start(index)
    }

    fn entries_end(&self) -> usize {
        self.ends.last().map_or(PREFIX.len(), |end| *end as usize)
    }

    fn is_whole(&self) -> bool {
        matches!(self.body, Body::Whole(_))
    }

    fn body_len(&self) -> usize {
        self.bytes().len()
    }

    fn bytes(&self) -> &[u8] {
        match &self.body {
            Body::Open(body) => body,
            Body::Whole(body) => body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(entries: &[&str]) -> Batch {
        let mut batch = Batch::new(BytesMut::new(), 10, Tick::ZERO);
        for entry in entries {
            batch.append(entry.as_bytes());
        }
        batch
    }

    fn text(batch: &mut Batch) -> String {
        let expected = batch.request_len();
        let body = batch.request();
        assert_eq!((body.len(), batch.request_len()), (expected, expected));
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[test]
    fn the_body_is_the_request() {
        let mut batch = batch(&["1", "22", "333"]);
        assert_eq!(batch.size(), Size { entries: 3, bytes: 6 });
        assert_eq!(text(&mut batch), r#"{"logs":[1,22,333]}"#);
        assert_eq!(text(&mut batch), r#"{"logs":[1,22,333]}"#);
        assert!(!batch.fits(1, usize::MAX));
    }

    #[test]
    fn skipped_entries_are_not_sent() {
        let mut batch = batch(&["1", "22", "333"]);
        assert_eq!((batch.skip(), batch.skip()), (1, 2));
        assert_eq!((batch.len(), batch.first, batch.size()), (1, 12, Size { entries: 1, bytes: 3 }));
        assert_eq!(text(&mut batch), r#"{"logs":[333]}"#);
        assert_eq!((batch.len(), batch.first), (1, 12));
    }

    #[test]
    fn parts_keep_the_order_and_their_numbers() {
        let mut whole = batch(&["0", "1", "22", "333", "4"]);
        whole.skip();
        whole.request();
        let [mut first, mut second] = whole.split(1);
        assert_eq!((text(&mut first), first.first, first.len()), (r#"{"logs":[1]}"#.to_owned(), 11, 1));
        assert_eq!(
            (text(&mut second), second.first, second.len()),
            (r#"{"logs":[22,333,4]}"#.to_owned(), 12, 3)
        );
        second.skip();
        let [mut first, mut second] = second.split(1);
        assert_eq!((text(&mut first), first.first), (r#"{"logs":[333]}"#.to_owned(), 13));
        assert_eq!((text(&mut second), second.first), (r#"{"logs":[4]}"#.to_owned(), 14));
    }

    #[test]
    fn the_middle_by_bytes_leaves_something_on_both_sides() {
        assert_eq!(batch(&["1", "1", "1", "1"]).middle_by_bytes(), 2);
        assert_eq!(batch(&["55555", "1"]).middle_by_bytes(), 1);
        assert_eq!(batch(&["1", "1", "55555"]).middle_by_bytes(), 2);
    }

    #[test]
    fn limits_are_kept() {
        let mut small = batch(&["1"]);
        let exactly = r#"{"logs":[1,22]}"#.len();
        assert!(small.fits(2, exactly));
        assert!(!small.fits(2, exactly - 1));
        for _ in 1..MAX_BATCH_ENTRIES {
            assert!(small.fits(1, usize::MAX));
            small.append(b"1");
        }
        assert!(!small.fits(1, usize::MAX));
    }
}
