//! Reading sent entries.

use std::collections::BTreeSet;

use logtide_devserver::DevServer;
use serde_json::Value;

use crate::otlp;

/// The bytes that every gzip file starts with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads the entries of a request body, in any wire format.
///
/// # Panics
///
/// If the body is neither `{"logs": […]}` nor a compressed OTLP request.
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

/// Returns the response of a LogTide server that has stored all entries of a request body.
///
/// # Panics
///
/// If the body has no readable entries.
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
/// If an entry has no such number.
#[must_use]
pub fn ids(entries: &[Value]) -> Vec<u64> {
    let id = |entry: &Value| entry["metadata"]["id"].as_u64().expect("an entry has a number as metadata.id");
    entries.iter().map(id).collect()
}

/// Reads `metadata.id` of all stored entries, in the order of arrival.
///
/// # Panics
///
/// If an entry has no such number.
#[must_use]
pub fn stored_ids(server: &DevServer) -> Vec<u64> {
    let id = |metadata: Option<Value>| metadata.and_then(|metadata| metadata["id"].as_u64());
    server
        .stored()
        .into_iter()
        .map(|entry| id(entry.metadata).expect("an entry has a number as metadata.id"))
        .collect()
}

/// Asserts that a server stored each of the numbers once, and nothing else.
///
/// # Panics
///
/// If it did not.
pub fn assert_stored_once(server: &DevServer, expected: impl IntoIterator<Item = u64>) {
    let stored = stored_ids(server);
    let expected: BTreeSet<u64> = expected.into_iter().collect();
    let once: BTreeSet<u64> = stored.iter().copied().collect();
    assert_eq!(expected.symmetric_difference(&once).collect::<Vec<_>>(), Vec::<&u64>::new());
    assert_eq!(stored.len(), once.len(), "something was stored twice");
}
