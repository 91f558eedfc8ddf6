//! Limits of the server and of the SDK. Measured with LogTide server 1.0.2 unless stated otherwise.

use std::time::Duration;

/// The maximum number of entries in a request. The server answers 400 to 1,001.
pub const MAX_BATCH_ENTRIES: usize = 1_000;

/// The maximum size of a request body in bytes. The server answers 413 above 50 MiB.
pub const MAX_BODY_BYTES: usize = 50 * 1024 * 1024;

/// The default maximum size of a batch in bytes. An nginx with default settings rejects bodies of more than 1 MB.
pub const DEFAULT_BATCH_BYTES: usize = 1_000_000;

/// The maximum length of a service name in UTF-16 units.
pub const MAX_SERVICE_UNITS: usize = 100;

/// The maximum size of a trace id in bytes. An incompressible id of about 2,670 bytes does not fit the server's
/// index, and its whole batch is lost.
pub const MAX_TRACE_ID_BYTES: usize = 256;

/// The maximum size of `metadata.hostname` and `metadata.host` in bytes. The server indexes them like trace ids.
pub const MAX_HOSTNAME_BYTES: usize = 1_024;

/// The maximum nesting depth of metadata. The server fails between 4,000 and 20,000, and common JSON parsers stop at
/// 128.
pub const MAX_METADATA_DEPTH: usize = 100;

/// The largest integer that survives the server's JSON numbers (IEEE doubles) exactly: 2^53.
pub const MAX_EXACT_INTEGER: u64 = 1 << 53;

/// The longest delay between two attempts, unless the server asks for a longer one.
pub const MAX_DELAY: Duration = Duration::from_secs(60);

/// The longest delay that a server can ask for. The LogTide server's rate limit asks for at most a minute. A proxy
/// that asks for a day must not stop a client for that long.
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
