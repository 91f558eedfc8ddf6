//! What the server takes, and what the SDK allows itself. Measured against LogTide server 1.0.2 unless it says otherwise.

use std::time::Duration;

/// Entries in one request: the server answers 400 to the 1,001st.
pub const MAX_BATCH_ENTRIES: usize = 1_000;

/// Bytes in one request body: 50 MiB are read by the server, what is longer is answered with 413.
pub const MAX_BODY_BYTES: usize = 50 * 1024 * 1024;

/// Bytes that a batch may have by default: a stock nginx in front of the server refuses bodies of more than 1 MB.
pub const DEFAULT_BATCH_BYTES: usize = 1_000_000;

/// UTF-16 units in the name of a service.
pub const MAX_SERVICE_UNITS: usize = 100;

/// Bytes that a trace id may have: longer incompressible ones (from about 2,670) do not fit the server's index,
/// and one such entry loses its whole batch.
pub const MAX_TRACE_ID_BYTES: usize = 256;

/// Bytes of `metadata.hostname` and `metadata.host`, which the server indexes as it does trace ids.
pub const MAX_HOSTNAME_BYTES: usize = 1_024;

/// Levels of nesting in metadata. The server breaks between 4,000 and 20,000; common JSON parsers stop at 128.
pub const MAX_METADATA_DEPTH: usize = 100;

/// The largest integer that survives the server's JSON numbers (IEEE doubles) exactly: 2^53.
pub const MAX_EXACT_INTEGER: u64 = 1 << 53;

/// The longest delay between two attempts that is computed, not asked for by the server.
pub const MAX_DELAY: Duration = Duration::from_secs(60);

/// The longest wait that a server can ask for. The LogTide server's rate limit asks for at most a minute; a proxy that asks for a
/// day must not silence a client that long.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);

/// The longest start of a text that has at most so many bytes and ends at a character.
#[must_use]
pub fn cut_bytes(text: &str, limit: usize) -> &str {
    // `str::floor_char_boundary` asks for Rust 1.91.
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_a_character() {
        for (limit, kept) in
            [(0, ""), (1, "a"), (2, "a"), (3, "aä"), (4, "aä"), (6, "aä"), (7, "aä😀"), (9, "aä😀")]
        {
            assert_eq!(cut_bytes("aä😀", limit), kept, "{limit}");
        }
        assert_eq!(cut_bytes("", 3), "");
    }
}
