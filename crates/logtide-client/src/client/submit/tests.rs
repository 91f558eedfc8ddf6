//! The effect of application code that panics or logs on an entry.

mod large;

use std::{fmt, sync::Arc};

use logtide_core::{Displayed, Field};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

use super::*;
use crate::ClientOptions;

const PANICKED_METADATA: &str = "the metadata panicked while it was serialized";

/// The entries that arrive.
fn sent(log: impl FnOnce(&Client)) -> Vec<Value> {
    let transport = MemoryTransport::new();
    let client =
        Client::with_transport(ClientOptions::new("http://localhost", "k"), Arc::new(transport.clone()))
            .unwrap();
    log(&client);
    client.close_blocking(std::time::Duration::from_secs(60));
    transport
        .requests()
        .iter()
        .flat_map(|request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            body["logs"].as_array().unwrap().clone()
        })
        .collect()
}

fn logged(message: impl Display, metadata: impl IntoMetadata) -> Value {
    sent(|client| client.info("svc", message, metadata)).remove(0)
}

struct Panics;

impl Display for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("expected in this test")
    }
}

impl serde::Serialize for Panics {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("expected in this test")
    }
}

#[test]
fn a_panic_costs_only_what_panicked() {
    let entry = logged("hello", [("bad", Panics)]);
    assert_eq!(
        (&entry["message"], &entry["metadata"]["logtide_error"]),
        (&json!("hello"), &json!(PANICKED_METADATA))
    );
    let entry = logged(Panics, (("good", json!(1)), ("bad", json!(0))));
    assert_eq!(
        (&entry["message"], &entry["metadata"]["good"]),
        (&json!("(panicked while it was formatted)"), &json!(1))
    );
    let entry = logged("hello", Field("bad", &Displayed(Panics)).with(Field("good", &1)));
    assert_eq!(
        (&entry["metadata"]["bad"], &entry["metadata"]["good"]),
        (&json!("(panicked while it was formatted)"), &json!(1))
    );
}

/// Panics with a payload that panics when it is dropped.
struct PanicsTwice;

struct Again;

impl Drop for Again {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            std::panic::panic_any(Self);
        }
    }
}

impl Display for PanicsTwice {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::panic::panic_any(Again)
    }
}

impl serde::Serialize for PanicsTwice {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        std::panic::panic_any(Again)
    }
}

#[test]
fn a_panic_that_panics_when_it_is_dropped_costs_no_more() {
    assert_eq!(logged("hello", [("bad", PanicsTwice)])["metadata"]["logtide_error"], PANICKED_METADATA);
    assert_eq!(logged(PanicsTwice, ())["message"], "(panicked while it was formatted)");
}

#[test]
fn a_message_may_log_while_it_is_formatted() {
    struct Logs<'a>(&'a Client);
    impl Display for Logs<'_> {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.info("svc", "inner", [("a", "b")]);
            formatter.write_str("outer")
        }
    }
    let entries = sent(|client| client.info("svc", Logs(client), [("c", "d")]));
    let mut messages: Vec<_> = entries.iter().map(|entry| entry["message"].as_str().unwrap()).collect();
    messages.sort_unstable();
    assert_eq!(messages, ["inner", "outer"]);
    assert!(entries.iter().all(|entry| entry["metadata"].as_object().unwrap().len() == 2), "{entries:?}");
}

#[test]
fn a_buffer_that_grew_for_one_entry_is_not_kept() {
    logged("x".repeat(10 * KEPT_BYTES), ());
    assert!(WRITER.take().capacity() <= KEPT_BYTES);
}

#[test]
fn a_place_that_logs_other_fields_each_time_loses_none() {
    let entries = sent(|client| {
        for (at, key) in ["a", "b", "a", "a much longer key than sixteen bytes", "b"].into_iter().enumerate()
        {
            client.info("svc", "m", [(key, at), ("last", at)]);
        }
        for with_first in [true, false, true] {
            client.info("svc", "m", with_first.then_some([("first", 1)]).with([("second", 2), ("third", 3)]));
        }
    });
    for (at, key) in ["a", "b", "a", "a much longer key than sixteen bytes", "b"].into_iter().enumerate() {
        let metadata = &entries[at]["metadata"];
        assert_eq!(
            (&metadata[key], &metadata["last"], metadata.as_object().unwrap().len()),
            (&json!(at), &json!(at), 3)
        );
    }
    assert_eq!([5, 6, 7].map(|at| entries[at]["metadata"]["first"].as_u64()), [Some(1), None, Some(1)]);
    assert!(
        entries[5..].iter().all(|entry| entry["metadata"]["second"] == 2 && entry["metadata"]["third"] == 3)
    );
}

#[test]
fn later_entries_of_a_place_are_as_its_first() {
    let error = "x".parse::<u16>().unwrap_err();
    for services in [["api"; 3], ["", "api", ""], ["api", "", "web"]] {
        let entries = sent(|client| {
            for service in services {
                client.error(service, "m", [("a", 1)].with(&error).with(Field("b", "text")));
            }
        });
        assert_eq!(entries.len(), 3);
        for (entry, service) in entries.iter().zip(services) {
            assert_eq!(entry["metadata"], entries[0]["metadata"]);
            assert_eq!(entry["service"], if service.is_empty() { "unknown" } else { service });
        }
    }
}
