//! What entries can be told apart and put in order by.

use super::ClientOptions;

impl ClientOptions {
    /// Sets whether each entry has an id of its own, `metadata.event_id`. Default false. It tells copies of one entry from two entries
    /// that are alike.
    ///
    /// The server has no idempotency key: what is sent twice is stored twice. A batch is sent again when its answer does not arrive,
    /// for example after [`request_timeout`](Self::request_timeout), and the server may have stored it. The copies have the same id:
    /// the log call makes it, and retries and divided batches keep it.
    ///
    /// The id is a UUID of version 7 in lower case. Its time is that of the log call, in milliseconds.
    ///
    /// An id takes 17 bytes in the buffer and 51 in the request. With a [number](Self::sequence_numbers) it adds about 620 instructions to
    /// the log call, as `cargo xtask bench instructions` counts them, of which the random bits of the id are most.
    ///
    /// A field `event_id` of the entry itself, or of a span around it, wins. The id wins over such a field of the scope or of
    /// [`global_metadata`](Self::global_metadata). Redaction and limits do not apply to it, and an entry that is cut keeps it.
    /// [`before_send`](Self::before_send) sees it and may change it.
    #[must_use]
    pub const fn event_ids(mut self, event_ids: bool) -> Self {
        self.event_ids = event_ids;
        self
    }

    /// Sets whether each entry has a number, `metadata.seq`. Default false. It puts the entries of one client in their order.
    ///
    /// The server returns entries of the same millisecond in any order. The numbers are 1, 2, 3 and so on, in the order of the log calls
    /// of all threads: if one call returned before another began, it has the smaller number. Each client has its own numbers. They begin
    /// anew in a forked child and when the program starts again.
    ///
    /// An entry takes its number when it is logged. What is below [`min_level`](Self::min_level), what [`sample_rate`](Self::sample_rate)
    /// leaves out, and what is refused at once because the buffer is full, takes none. A gap in the numbers means that the entry was dropped
    /// after that, or that it has not arrived yet: [`Client::metrics`](crate::Client::metrics) counts dropped entries. With `before_send`,
    /// which sees the number, what it or the sample rate leaves out is a gap too.
    ///
    /// The server has no idempotency key, so an entry that is stored twice has the same number twice.
    ///
    /// A number takes 9 bytes in the buffer and at least 8 in the request. All threads count in one place, so threads that log without
    /// a pause slow each other down.
    ///
    /// A field `seq` wins or gives way as a field `event_id` does with [`event_ids`](Self::event_ids), and so do the rules for redaction,
    /// limits and `before_send`.
    #[must_use]
    pub const fn sequence_numbers(mut self, sequence_numbers: bool) -> Self {
        self.sequence_numbers = sequence_numbers;
        self
    }
}
