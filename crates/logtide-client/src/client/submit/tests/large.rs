//! Entries that are truncated when they are sent.

use std::{sync::Arc, time::Duration};

use logtide_core::{Displayed, Field, IntoMetadata, PayloadLimits};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

use super::*;
use crate::ClientOptions;

/// Larger than the buffers of the clients in these tests.
const LARGE: usize = 3_000_000;

/// The entry that arrives.
fn sent(configure: impl FnOnce(ClientOptions) -> ClientOptions, log: impl FnOnce(&Client)) -> Value {
    let transport = MemoryTransport::new();
    let options = configure(ClientOptions::new("http://localhost", "k").max_buffer_bytes(1_000_000));
    let client = Client::with_transport(options, Arc::new(transport.clone())).unwrap();
    log(&client);
    assert!(client.flush_blocking(Duration::from_secs(60)).is_complete());
    let requests = transport.requests();
    let body = &requests.first().expect("it was dropped").body;
    assert!(body.len() < 110_000, "{} bytes", body.len());
    serde_json::from_slice::<Value>(body).unwrap()["logs"][0].take()
}

fn logged(metadata: impl IntoMetadata) -> Value {
    sent(|options| options, |client| client.info("svc", "m", metadata))
}

fn assert_cut(entry: &Value) {
    let metadata = &entry["metadata"];
    assert_eq!(metadata["_truncated"], true);
    assert!(metadata["_original_size"].as_u64().unwrap() > LARGE as u64, "{}", metadata["_original_size"]);
    assert_eq!(metadata["sdk"]["name"], "logtide-rust");
}

#[test]
fn an_entry_that_the_buffer_does_not_hold_arrives_cut() {
    let entry = sent(|options| options, |client| client.info("svc", "x".repeat(LARGE), [("a", 1)]));
    assert_cut(&entry);
    assert_eq!(entry["metadata"]["a"], 1);
    assert!(entry["message"].as_str().unwrap().ends_with("x...[TRUNCATED]"));
    assert_cut(&logged([("list", vec![1_000_000; LARGE / 7])]));
    let displayed = |at| (format!("key {at}"), Displayed("y".repeat(10_000)));
    assert_cut(&logged((0..LARGE / 10_000).map(displayed).collect::<Vec<_>>()));
}

#[test]
fn what_is_left_out_needs_no_capacity() {
    let excluded =
        |options: ClientOptions| options.payload_limits(PayloadLimits::default().exclude_fields(["body"]));
    let entry = sent(excluded, |client| client.info("svc", "m", [("body", vec![1; LARGE])]));
    assert_eq!(entry["metadata"]["body"], "[EXCLUDED]");
    assert!(entry["metadata"].get("_truncated").is_none());
}

#[test]
fn a_hook_may_give_any_entry() {
    let enlarged = |options: ClientOptions| {
        options.before_send(|mut entry| {
            entry.message = "x".repeat(LARGE);
            entry.metadata.insert("token", "set by the hook");
            Some(entry)
        })
    };
    let entry = sent(enlarged, |client| client.info("svc", "m", [("token", "secret")]));
    assert_cut(&entry);
    assert_eq!(entry["metadata"]["token"], "set by the hook");
}

#[test]
fn an_error_keeps_its_stack_and_no_secret_comes_back() {
    let options = |options: ClientOptions| options.attach_stacktrace(true);
    let error = "x".parse::<u16>().unwrap_err();
    let entry = sent(options, |client| {
        client.error("svc", "x".repeat(LARGE), Field("token", &"secret").with(&error));
    });
    assert_cut(&entry);
    assert_eq!(entry["metadata"]["token"], "[REDACTED]");
    assert_eq!(entry["metadata"]["error"]["name"], "ParseIntError");
    let exception = &entry["metadata"]["exception"];
    assert_eq!(exception["message"], json!(error.to_string()));
    assert!(exception["stacktrace"][0]["file"].is_string(), "{exception}");
}
