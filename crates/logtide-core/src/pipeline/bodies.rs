//! Buffers of request bodies.

use bytes::Bytes;

/// Makes buffers for bodies as large as they become, and uses those of requests that are done again.
#[derive(Debug)]
pub(super) struct Bodies {
    spares: Vec<Vec<u8>>,
    /// How many are kept: as many as can be under way.
    kept: usize,
    /// Bytes of records in the last request, and of its body.
    last: (usize, usize),
    /// Bytes of a buffer that is kept: one large entry must not hold its memory for good.
    most: usize,
}

impl Bodies {
    pub(super) const fn new(kept: usize, most: usize) -> Self {
        // Until the first body is there: an entry with a few fields has about three times as many bytes in JSON.
        Self { spares: Vec::new(), kept, last: (1, 3), most }
    }

    /// An empty buffer for a body of so many bytes of records, of which not more than `limit` bytes are expected.
    pub(super) fn take(&mut self, records: usize, limit: usize) -> Vec<u8> {
        let (last_records, last_body) = self.last;
        let expected = records.saturating_mul(last_body) / last_records;
        let mut body = self.spares.pop().unwrap_or_default();
        body.reserve_exact((expected + expected / 8).min(limit));
        body
    }

    /// Takes a buffer back that was not used.
    pub(super) fn give(&mut self, mut body: Vec<u8>) {
        if self.spares.len() < self.kept && body.capacity() <= self.most {
            body.clear();
            self.spares.push(body);
        }
    }

    /// Takes the buffer of a body back, unless the driver still holds it.
    pub(super) fn give_back(&mut self, body: Bytes) {
        if let Ok(mut body) = body.try_into_mut() {
            body.clear();
            self.give(body.into());
        }
    }

    /// Notes how many bytes a body had, and the records in it.
    pub(super) fn note(&mut self, records: usize, body: usize) {
        self.last = (records.max(1), body);
    }
}
