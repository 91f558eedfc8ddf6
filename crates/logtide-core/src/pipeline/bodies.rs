//! Buffers of request bodies.

use bytes::Bytes;

/// Creates buffers for bodies with the expected size, and reuses those of completed requests.
#[derive(Debug)]
pub(super) struct Bodies {
    spares: Vec<Vec<u8>>,
    /// The maximum number of buffers: one for each request in flight.
    kept: usize,
    /// The size of the records in the last request, and of its body, in bytes.
    last: (usize, usize),
    /// The maximum size of a buffer that is kept in bytes: one large entry must not hold its memory for good.
    most: usize,
}

impl Bodies {
    pub(super) const fn new(kept: usize, most: usize) -> Self {
        // The initial estimate: an entry with a few fields is about three times as large in JSON.
        Self { spares: Vec::new(), kept, last: (1, 3), most }
    }

    /// Returns an empty buffer for a body of this many bytes of records, with at most `limit` bytes.
    pub(super) fn take(&mut self, records: usize, limit: usize) -> Vec<u8> {
        let (last_records, last_body) = self.last;
        let expected = records.saturating_mul(last_body) / last_records;
        let mut body = self.spares.pop().unwrap_or_default();
        body.reserve_exact((expected + expected / 8).min(limit));
        body
    }

    /// Takes back an unused buffer.
    pub(super) fn give(&mut self, mut body: Vec<u8>) {
        if self.spares.len() < self.kept && body.capacity() <= self.most {
            body.clear();
            self.spares.push(body);
        }
    }

    /// Takes back the buffer of a body, unless the driver still holds it.
    pub(super) fn give_back(&mut self, body: Bytes) {
        if let Ok(mut body) = body.try_into_mut() {
            body.clear();
            self.give(body.into());
        }
    }

    /// Records the size of a body and of its records.
    pub(super) fn note(&mut self, records: usize, body: usize) {
        self.last = (records.max(1), body);
    }
}
