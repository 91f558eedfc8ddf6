//! Ids and numbers of entries.

use super::ClientOptions;

impl ClientOptions {
    /// Sets whether each entry has a unique id, `metadata.event_id`. Default false. The id distinguishes copies of one
    /// entry from two similar entries.
    ///
    /// The server has no idempotency key: an entry that is sent twice is stored twice. If the response to a batch does
    /// not arrive, for example within [`request_timeout`](Self::request_timeout), the batch is sent again although the
    /// server may have stored it. The log call creates the id, and retries and divided batches keep it, so the copies
    /// have the same id.
    ///
    /// The id is a version 7 UUID in lower case, with the time of the log call in milliseconds.
    ///
    /// An id takes 17 bytes in the buffer and 51 in the request. Together with a [number](Self::sequence_numbers) it
    /// adds about 620 instructions to the log call, as measured by `cargo xtask bench instructions`. Most of these
    /// generate the random bits of the id.
    ///
    /// An `event_id` field of the entry itself, or of an enclosing span, takes precedence over the id. The id takes
    /// precedence over such a field of the scope or of [`global_metadata`](Self::global_metadata). Redaction and limits
    /// do not apply to it, and a truncated entry keeps it. [`before_send`](Self::before_send) sees it and can change
    /// it.
    #[must_use]
    pub const fn event_ids(mut self, event_ids: bool) -> Self {
        self.event_ids = event_ids;
        self
    }

    /// Sets whether each entry has a sequence number, `metadata.seq`. Default false. The numbers give the order of the
    /// entries of one client.
    ///
    /// The server returns entries of the same millisecond in any order. Numbers count up from 1 in the order of the log
    /// calls of all threads: if one call returns before another begins, it has the smaller number. Each client has its
    /// own numbers. They restart at 1 in a forked child and when the program restarts.
    ///
    /// An entry gets its number when it is logged. There is no number for entries below [`min_level`](Self::min_level),
    /// discarded by [`sample_rate`](Self::sample_rate), or dropped at once because the buffer is full. A gap therefore
    /// means that an entry was dropped later or has not arrived yet; [`Client::metrics`](crate::Client::metrics) counts
    /// dropped entries. `before_send` sees the number, so with it, what it or the sample rate discards also leaves a
    /// gap.
    ///
    /// The server has no idempotency key, so the copies of an entry that is stored twice have the same number.
    ///
    /// A number takes 9 bytes in the buffer and at least 8 in the request. All threads share one counter, so threads
    /// that log continuously slow each other down.
    ///
    /// The rules for a field `seq`, for redaction, limits and `before_send` are those of
    /// [`event_ids`](Self::event_ids).
    #[must_use]
    pub const fn sequence_numbers(mut self, sequence_numbers: bool) -> Self {
        self.sequence_numbers = sequence_numbers;
        self
    }
}
