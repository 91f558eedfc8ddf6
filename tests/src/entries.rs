//! What was sent, read back.

use std::collections::BTreeSet;

use logtide_devserver::DevServer;
use serde_json::Value;

use crate::otlp;

/// The bytes that every gzip file starts with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads the entries of a request body of either wire.
///
/// # Panics
///
/// Where the body is neither `{"logs": […]}` nor a compressed request over OTLP.
#[must_use]
pub fn of_body(body: &[u8]) -> Vec<Value> {
    if body.starts_with(&GZIP) {
        return otlp::entries(body);
    }
    let mut body: Value = serde_json::from_slice(body).expect("a request body is JSON");
    match body["logs"].take() {
        Value::Array(entries) => entries,
        other => panic!("the body has no list of entries: {other}"),
    }
}

/// What a LogTide server answers that has stored all entries of a request body.
///
/// # Panics
///
/// Where there are no entries to read in the body.
#[must_use]
pub fn receipt(body: &[u8]) -> String {
    let stored = of_body(body).len();
    if body.starts_with(&GZIP) {
        return r#"{"partialSuccess":{"rejectedLogRecords":0,"errorMessage":""}}"#.to_owned();
    }
    format!(r#"{{"received":{stored}}}"#)
}

/// Reads `metadata.id` of each entry.
///
/// # Panics
///
/// Where an entry has no number there.
#[must_use]
pub fn ids(entries: &[Value]) -> Vec<u64> {
    let id = |entry: &Value| entry["metadata"]["id"].as_u64().expect("an entry has a number as metadata.id");
    entries.iter().map(id).collect()
}

/// Reads `metadata.id` of everything that a server stored, in the order of arrival.
///
/// # Panics
///
/// Where an entry has no number there.
#[must_use]
pub fn stored_ids(server: &DevServer) -> Vec<u64> {
    let id = |metadata: Option<Value>| metadata.and_then(|metadata| metadata["id"].as_u64());
    server
        .stored()
        .into_iter()
        .map(|entry| id(entry.metadata).expect("an entry has a number as metadata.id"))
        .collect()
}

/// Checks that a server stored each of the numbers once, and nothing else.
///
/// # Panics
///
/// Where it did not.
pub fn assert_stored_once(server: &DevServer, expected: impl IntoIterator<Item = u64>) {
    let stored = stored_ids(server);
    let expected: BTreeSet<u64> = expected.into_iter().collect();
    let once: BTreeSet<u64> = stored.iter().copied().collect();
    assert_eq!(expected.symmetric_difference(&once).collect::<Vec<_>>(), Vec::<&u64>::new());
    assert_eq!(stored.len(), once.len(), "something was stored twice");
}
