//! Panics in requests of a program with a panic hook. The panic hook is global to the process, so this is a separate
//! binary.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use http::HeaderMap;
use logtide_client::Client;
use logtide_middleware::{AccessLog, Options, RequestHead};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::Value;

/// Serializes the tests: the clients of one would log the panics of the others.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Handles a request with two nested integrations of the same client, and returns the logged entries.
fn handled(handler: fn()) -> Vec<Value> {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    client.install_panic_hook();
    let outer = AccessLog::new(client.clone(), Options::new().log_requests(false).service("outer"));
    let inner = AccessLog::new(client.clone(), Options::new().log_requests(false).service("inner"));
    let headers = HeaderMap::new();
    let head = || RequestHead::new("GET", "/panic", &headers);
    let handle = || outer.begin(&head()).run(|| inner.begin(&head()).run(handler));
    assert!(catch_unwind(AssertUnwindSafe(handle)).is_err());
    logged(&client, &transport)
}

fn logged(client: &Client, transport: &MemoryTransport) -> Vec<Value> {
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    transport.requests().iter().flat_map(|request| entries::of_body(&request.body)).collect()
}

fn assert_one_exception(entries: &[Value]) {
    let of = |key: &str| entries.iter().filter(|entry| entry["metadata"].get(key).is_some()).count();
    assert_eq!((of("exception"), of("error")), (1, 1), "{entries:#?}");
    assert!(entries.iter().all(|entry| entry["metadata"]["panic"] == entries[0]["metadata"]["panic"]));
}

#[test]
fn a_panic_is_one_exception_whatever_it_carries_and_wherever_it_is_caught() {
    let _turn = turn();
    let handlers: [fn(); 5] = [
        || panic!("a text"),
        || panic!("formatted {}", thread::current().name().unwrap().len()),
        || panic_any(7_u8),
        || {
            let payload = catch_unwind(|| panic!("caught, and thrown {}", "again")).unwrap_err();
            let _ = catch_unwind(|| panic!("another one, which goes no further"));
            resume_unwind(payload)
        },
        || resume_unwind(thread::spawn(|| panic!("of another {}", "thread")).join().unwrap_err()),
    ];
    let messages = handlers.map(|handler| {
        let mut entries = handled(handler);
        entries.retain(|entry| !entry["message"].as_str().unwrap().ends_with("which goes no further"));
        let services: Vec<_> = entries.iter().map(|entry| entry["service"].as_str().unwrap()).collect();
        assert_eq!(services, ["unknown", "inner", "outer"]);
        assert_eq!(entries[0]["level"], "critical");
        assert_one_exception(&entries);
        entries[0]["metadata"]["exception"]["message"].as_str().unwrap().to_owned()
    });
    assert!(messages[1].starts_with("formatted "));
    assert_eq!(messages[2], "(the panic has no message)");
    assert_eq!(messages[3..], ["caught, and thrown again", "of another thread"]);
}

#[test]
fn a_panic_that_no_hook_receives_is_not_taken_for_an_earlier_one() {
    struct Stop;
    static TEXT: &str = "the same text";
    let _turn = turn();
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    client.install_panic_hook();
    let log = AccessLog::new(client.clone(), Options::new().log_requests(false));
    let handlers: [fn(); 5] = [
        || panic_any(TEXT),
        || resume_unwind(Box::new(TEXT)),
        || panic_any(Stop),
        || resume_unwind(Box::new(Stop)),
        || resume_unwind(Box::new(Stop)),
    ];
    for handler in handlers {
        let mut exchange = log.begin(&RequestHead::new("GET", "/panic", &HeaderMap::new()));
        assert!(catch_unwind(AssertUnwindSafe(|| exchange.run(handler))).is_err());
    }
    let entries = logged(&client, &transport);
    let have_exceptions: Vec<_> =
        entries.iter().map(|entry| entry["metadata"].get("exception").is_some()).collect();
    assert_eq!(have_exceptions, [true, false, true, true, false, true, true], "{entries:#?}");
}

#[test]
fn the_exception_of_a_hook_belongs_to_its_request() {
    let _turn = turn();
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    client.install_panic_hook();
    let log = AccessLog::new(client.clone(), Options::new());
    let headers = HeaderMap::new();
    let head = RequestHead::new("GET", "/panic", &headers).route(Some("/{page}".into()));
    let mut exchange = log.begin(&head);
    let payload = catch_unwind(AssertUnwindSafe(|| exchange.run(|| panic!("expected in this test"))));
    assert_eq!(payload.unwrap_err().downcast_ref::<&str>(), Some(&"expected in this test"));
    drop(exchange);

    let entries = logged(&client, &transport);
    let what: Vec<_> = entries
        .iter()
        .map(|entry| (entry["level"].as_str().unwrap(), entry["message"].as_str().unwrap()))
        .collect();
    let of_hook = format!("thread '{}' panicked: expected in this test", thread::current().name().unwrap());
    assert_eq!(
        what,
        [
            ("info", "GET /panic"),
            ("critical", of_hook.as_str()),
            ("error", "Request error: panicked: expected in this test")
        ]
    );
    assert_one_exception(&entries[1..]);
    let trace = entries[0]["trace_id"].as_str().unwrap();
    assert_eq!(trace.len(), 32);
    assert!(entries.iter().all(|entry| entry["trace_id"] == trace), "{entries:#?}");
    assert_eq!(entries[1]["metadata"]["tags"]["http.route"], "/{page}");
    let metadata = &entries[2]["metadata"];
    assert_eq!((&metadata["method"], &metadata["path"]), (&"GET".into(), &"/panic".into()));
    assert!(metadata.get("exception").is_none());
}

#[test]
fn each_client_has_its_own_exception() {
    let _turn = turn();
    let (hooked, plain) = (MemoryTransport::new(), MemoryTransport::new());
    let with_hook = memory_client(&hooked, options("http://localhost"));
    let without = memory_client(&plain, options("http://localhost"));
    with_hook.install_panic_hook();
    let log = AccessLog::new(without.clone(), Options::new().log_requests(false));
    let mut exchange = log.begin(&RequestHead::new("GET", "/panic", &HeaderMap::new()));
    assert!(catch_unwind(AssertUnwindSafe(|| exchange.run(|| panic!("expected {}", "here")))).is_err());
    drop(exchange);
    assert_one_exception(&logged(&with_hook, &hooked));
    assert_one_exception(&logged(&without, &plain));
}
