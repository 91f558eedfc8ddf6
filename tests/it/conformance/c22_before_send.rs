//! The application's hook, which sees an entry last.

use std::sync::{
    Arc, Mutex, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use logtide_client::{Client, ClientOptions};
use logtide_core::{DropReason, Event, Level, LogEntry, PayloadLimits};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

fn options_with(hook: impl Fn(LogEntry) -> Option<LogEntry> + Send + Sync + 'static) -> ClientOptions {
    options("http://localhost").before_send(hook)
}

/// Returns the sent entries.
fn sent(transport: &MemoryTransport, client: &Client) -> Vec<Value> {
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    transport.requests().iter().flat_map(|request| entries::of_body(&request.body)).collect()
}

#[test]
fn c22_the_hook_changes_what_is_sent() {
    let transport = MemoryTransport::new();
    let options = options_with(|mut entry| {
        entry.metadata.insert("card", "[redacted]");
        entry.message.push('!');
        entry.service = "renamed".to_owned();
        entry.level = Level::Warn;
        entry.trace_id = Some("of the hook".to_owned());
        Some(entry)
    });
    let client = memory_client(&transport, options);
    client.info("svc", "paid", json!({"card": "4111", "amount": 7}));
    let mut entry = sent(&transport, &client).remove(0);
    assert!(entry["metadata"]["sdk"].take().is_object());
    assert_eq!(
        (&entry["message"], &entry["service"], &entry["level"], &entry["trace_id"]),
        (&json!("paid!"), &json!("renamed"), &json!("warn"), &json!("of the hook"))
    );
    assert_eq!(entry["metadata"], json!({"card": "[redacted]", "amount": 7, "sdk": null}));
}

#[test]
fn c22_the_hook_leaves_entries_out() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options_with(|_| None));
    client.info("svc", "hello", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert!(transport.requests().is_empty());
    let metrics = client.metrics();
    assert_eq!((metrics.logs_sent, metrics.pending, metrics.dropped_for(DropReason::Filtered)), (0, 0, 1));

    let client =
        memory_client(&transport, options_with(|entry| (entry.level > Level::Debug).then_some(entry)));
    client.debug("svc", "left out", ());
    client.info("svc", "kept", ());
    let sent = sent(&transport, &client);
    assert_eq!((sent.len(), &sent[0]["message"]), (1, &json!("kept")));
}

#[test]
fn c22_the_hook_sees_the_entry_with_all_that_goes_with_it() {
    let transport = MemoryTransport::new();
    let seen: Arc<Mutex<Vec<LogEntry>>> = Arc::default();
    let hook = {
        let seen = seen.clone();
        move |entry: LogEntry| {
            seen.lock().expect("no test panics here").push(entry.clone());
            Some(entry)
        }
    };
    let options = options_with(hook).environment("test").auto_trace_id(true).service("default");
    let client = memory_client(&transport, options);
    client.info("", format_args!("n = {}", 7), json!({"password": "hunter2", "at": 0.1}));
    let sent = sent(&transport, &client).remove(0);
    let seen = seen.lock().expect("no test panics here").remove(0);
    assert_eq!((seen.service.as_str(), seen.message.as_str(), seen.level), ("default", "n = 7", Level::Info));
    assert!(seen.metadata.contains_key("sdk"));
    assert_eq!(seen.metadata.get("environment"), Some(&json!("test")));
    assert_eq!(seen.metadata.get("password"), Some(&json!("[REDACTED]")), "redaction comes before the hook");
    assert_eq!((&sent["metadata"]["password"], &sent["metadata"]["at"]), (&json!("[REDACTED]"), &json!(0.1)));
    assert_eq!(sent["trace_id"].as_str(), seen.trace_id.as_deref());
}

#[test]
fn c22_what_the_hook_returns_goes_out_as_it_is() {
    let transport = MemoryTransport::new();
    let options = options_with(|mut entry| {
        entry.metadata.insert("password", "[redacted]");
        entry.metadata.insert("body", "of the hook");
        entry.metadata.insert("page", "a page ".repeat(3_000));
        Some(entry)
    });
    let client =
        memory_client(&transport, options.payload_limits(PayloadLimits::default().exclude_fields(["body"])));
    client.info("svc", "hello", json!({"password": "hunter2", "body": "large"}));
    let metadata = &sent(&transport, &client)[0]["metadata"];
    assert_eq!((&metadata["password"], &metadata["body"]), (&json!("[redacted]"), &json!("of the hook")));
    assert_eq!(metadata["page"], "a page ".repeat(3_000));
}

#[test]
fn c22_what_the_hook_returns_is_cut_to_the_size_of_an_entry() {
    let transport = MemoryTransport::new();
    let options = options_with(|mut entry| {
        entry.metadata.insert("password", "[redacted]");
        entry.metadata.insert("page", "a page ".repeat(100_000));
        Some(entry)
    });
    let client = memory_client(&transport, options);
    client.info("svc", "hello", ());
    let entry = sent(&transport, &client).remove(0);
    assert_eq!((&entry["message"], &entry["metadata"]["password"]), (&json!("hello"), &json!("[redacted]")));
    assert_eq!(entry["metadata"]["_truncated"], true);
    assert!(entry.to_string().len() <= 100 * 1024);
}

#[test]
fn c22_an_id_that_the_server_refuses_stays_out_when_the_hook_takes_it_out() {
    let transport = MemoryTransport::new();
    let options = options_with(|mut entry| {
        assert_eq!((entry.span_id.as_deref(), entry.service.len()), (None, 100));
        entry.metadata.remove("span_id").map(|_| entry)
    });
    let client = memory_client(&transport, options);
    client.log(LogEntry::new(Level::Info, "s".repeat(200), "hello").span_id("no id"));
    let entry = sent(&transport, &client).remove(0);
    assert!(!entry.to_string().contains("no id"), "{entry}");
}

#[test]
fn c22_a_panic_in_the_hook_keeps_the_entry_and_is_told_once() {
    let transport = MemoryTransport::new();
    let told: Arc<AtomicUsize> = Arc::default();
    let counter = told.clone();
    let options = options_with(|mut entry| {
        entry.message.clear();
        panic!("expected in this test")
    })
    .on_event(move |event| {
        if let Event::HookPanicked { hook: "before_send" } = event {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    let client = memory_client(&transport, options);
    for round in 0..3 {
        client.info("svc", "kept", [("round", round)]);
        assert_eq!(sent(&transport, &client).len(), round + 1);
    }
    let entries = sent(&transport, &client);
    assert!(entries.iter().all(|entry| entry["message"] == "kept" && entry["metadata"]["sdk"].is_object()));
    assert_eq!(entries[2]["metadata"]["round"], 2);
    assert_eq!(told.load(Ordering::SeqCst), 1);
    assert!(client.metrics().last_error.is_some_and(|error| error.contains("before_send panicked")));
}

#[test]
fn c22_a_hook_may_log() {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let transport = MemoryTransport::new();
    let options = options_with(|entry| {
        CLIENT.get().expect("the client is there").warn("hook", "inside", ());
        Some(entry)
    });
    let client = CLIENT.get_or_init(|| memory_client(&transport, options));
    client.info("svc", "outside", ());
    let sent = sent(&transport, client);
    let messages: Vec<_> = sent.iter().filter_map(|entry| entry["message"].as_str()).collect();
    assert_eq!(messages.len(), 2);
    assert!(messages.contains(&"inside") && messages.contains(&"outside"));
}
