//! Entries in a row.

/// Bytes of the first chunk that is filled, unless a single entry is larger.
pub(super) const CHUNK_BYTES: usize = 64 * 1024;

/// Bytes of those after it. Allocators give memory of this size back to the system when it is freed, so a backlog that moves on to the
/// worker is not held twice.
pub(super) const BACKLOG_CHUNK_BYTES: usize = 256 * 1024;

/// Bytes of time and length in front of an entry.
const RECORD_HEAD: usize = 12;

/// Encoded entries, each behind its time and length, read from the front.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    bytes: Vec<u8>,
    /// How far it has been read.
    read: usize,
}

/// An entry in a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// When it was logged, in nanoseconds since 1970.
    pub(crate) time: u64,
    /// Its encoded form.
    pub(crate) bytes: &'a [u8],
}

impl Chunk {
    /// Makes room for at least so many bytes.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// Whether an entry of that length fits without an allocation.
    pub(super) fn fits(&self, entry: usize) -> bool {
        self.bytes.len() + Self::record_len(entry) <= self.bytes.capacity()
    }

    pub(super) fn append(&mut self, entry: Entry<'_>) {
        self.bytes.extend_from_slice(&entry.time.to_le_bytes());
        // The intake refuses entries of more than 50 MiB.
        self.bytes.extend_from_slice(&(entry.bytes.len() as u32).to_le_bytes());
        self.bytes.extend_from_slice(entry.bytes);
    }

    /// The first entry that was not read yet.
    pub(super) fn head(&self) -> Option<Entry<'_>> {
        self.at(self.read)
    }

    /// Leaves the first entry behind, and says whether there is none left.
    pub(super) fn advance(&mut self) -> bool {
        if let Some(entry) = self.head() {
            self.read += Self::record_len(entry.bytes.len());
        }
        self.read >= self.bytes.len()
    }

    /// The entries that were not read yet.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut offset = self.read;
        std::iter::from_fn(move || {
            let entry = self.at(offset)?;
            offset += Self::record_len(entry.bytes.len());
            Some(entry)
        })
    }

    /// Empties the chunk for reuse; one that grew for a large entry is not kept.
    pub(super) fn recycle(mut self) -> Option<Self> {
        self.bytes.clear();
        self.read = 0;
        (self.bytes.capacity() <= BACKLOG_CHUNK_BYTES).then_some(self)
    }

    /// Bytes that an entry of that length takes.
    pub(super) const fn record_len(entry: usize) -> usize {
        RECORD_HEAD + entry
    }

    fn at(&self, offset: usize) -> Option<Entry<'_>> {
        let (time, rest) = self.bytes.get(offset..)?.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let bytes = rest.get(..u32::from_le_bytes(*length) as usize)?;
        Some(Entry { time: u64::from_le_bytes(*time), bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_in_the_order_they_came() {
        let mut chunk = Chunk::default();
        let entries =
            [(1, "one"), (2, ""), (3, "three")].map(|(time, text)| Entry { time, bytes: text.as_bytes() });
        entries.into_iter().for_each(|entry| chunk.append(entry));
        assert!(chunk.entries().eq(entries));
        assert!(!chunk.advance());
        assert_eq!((chunk.head(), chunk.entries().count()), (Some(entries[1]), 2));
        assert!(!chunk.advance() && chunk.advance() && chunk.advance());
        assert_eq!(chunk.recycle().expect("it is small").head(), None);
    }
}
