//! A panic in a request where the program has a panic hook. A hook belongs to the process, so this is a binary of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use http::HeaderMap;
use logtide_middleware::{AccessLog, Options, RequestHead};
use logtide_tests::{
    entries,
    setup::{PATIENCE, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::Value;

#[test]
fn a_panic_has_the_entry_of_its_request_and_that_of_the_hook_in_the_same_trace() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    client.install_panic_hook();
    let log = AccessLog::new(client.clone(), Options::new());
    let mut exchange = log.begin(&RequestHead::new("GET", "/panic", &HeaderMap::new()));
    let panics = || exchange.run(|| panic!("expected in this test"));
    let payload = catch_unwind(AssertUnwindSafe(panics)).unwrap_err();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"expected in this test"));
    drop(exchange);

    assert!(client.flush_blocking(PATIENCE).is_complete());
    let entries: Vec<Value> =
        transport.requests().iter().flat_map(|request| entries::of_body(&request.body)).collect();
    let what: Vec<_> = entries
        .iter()
        .map(|entry| (entry["level"].as_str().unwrap(), entry["message"].as_str().unwrap()))
        .collect();
    let thread = std::thread::current();
    let of_hook = format!("thread '{}' panicked: expected in this test", thread.name().unwrap());
    assert_eq!(
        what,
        [
            ("info", "GET /panic"),
            ("critical", of_hook.as_str()),
            ("error", "Request error: panicked: expected in this test")
        ]
    );
    let trace = entries[0]["trace_id"].as_str().unwrap();
    assert_eq!(trace.len(), 32);
    assert!(entries.iter().all(|entry| entry["trace_id"] == trace), "{entries:#?}");
}
