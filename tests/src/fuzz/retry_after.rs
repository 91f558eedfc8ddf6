//! Any text as a `Retry-After` header.

use logtide_core::{Timestamp, limits::MAX_RETRY_AFTER};

/// Asserts that no header makes the SDK wait longer than the limit, at any date.
pub fn retry_after(value: &[u8]) {
    let value = String::from_utf8_lossy(value);
    let waits = [Timestamp::MIN, Timestamp::from_micros(1_795_340_000_000_000), Timestamp::MAX]
        .map(|now| logtide_core::retry_after(&value, now));
    assert!(waits.iter().flatten().all(|wait| *wait <= MAX_RETRY_AFTER), "{waits:?}");
    assert_eq!(waits[0].is_some(), waits[2].is_some(), "whether it can be read does not depend on the time");
    assert!(waits.is_sorted_by(|earlier, later| earlier >= later), "later there is less to wait: {waits:?}");
}
