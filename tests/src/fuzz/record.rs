//! Any bytes as a pending record.

use std::sync::OnceLock;

use logtide_core::{CallSite, Content, Json, PayloadLimits, Record, Redaction, Wire as _, bridge::Origin};
use serde_json::Value;

/// The offsets of the length and of the call site's number in a record.
const LENGTH: usize = 0;
const CALL_SITE: usize = 12;

/// Asserts that a record is rendered as JSON within its size limit, alone and among others, and as the entry that a hook sees.
pub fn record(bytes: &[u8]) {
    // Random bytes are rarely complete records, so they are completed.
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().max(Record::MIN_BYTES), 0);
    let length = bytes.len() as u32;
    put(&mut bytes, LENGTH, length);
    if bytes[CALL_SITE] != 0 {
        put(&mut bytes, CALL_SITE, call_site().number());
    }
    let record = Record::first(&bytes).expect("the length is right");
    let small = PayloadLimits::default().max_field_bytes(20).max_entry_bytes(PayloadLimits::MIN_ENTRY_BYTES);
    for limits in [PayloadLimits::none(), small.exclude_fields(["message"])] {
        let content = Content::new(&limits, &Redaction::default());
        check(record, &mut Json::new(content), limits.max_entry_bytes.max(PayloadLimits::MIN_ENTRY_BYTES));
    }
}

fn check(record: Record<'_>, json: &mut Json, max_bytes: usize) {
    let mut body = Vec::new();
    json.begin(&mut body);
    let start = body.len();
    json.write(record, &mut body);
    let entry = std::str::from_utf8(&body[start..]).expect("an entry is UTF-8");
    assert!(entry.len() <= max_bytes, "{} bytes", entry.len());
    let value: Value = serde_json::from_str(entry).expect("an entry is JSON");
    json.write(record, &mut body);
    json.end(&mut body);
    let body: Value = serde_json::from_slice(&body).expect("a body is JSON");
    assert_eq!((&body["logs"][0], &body["logs"][1]), (&value, &value));
    let seen = json.entry(record);
    assert_eq!(value["message"], seen.message);
    assert_eq!(value["metadata"], serde_json::to_value(&seen.metadata).expect("metadata is JSON"));
}

fn call_site() -> &'static CallSite {
    static CALL_SITE: OnceLock<&'static CallSite> = OnceLock::new();
    CALL_SITE.get_or_init(|| {
        let mut origin = Origin::default();
        (origin.logger, origin.module) = (Some("app"), Some("app::db"));
        (origin.file, origin.line) = (Some("src/db.rs"), Some(12));
        let names =
            ["a", "error", "exception", "host", "constructor", "password", "event_id"].map(Into::into);
        CallSite::new(origin, names).span_name("span").register(1).expect("there is room for one")
    })
}

fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}
