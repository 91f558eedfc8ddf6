//! Data that a client adds to entries depending on where they are logged.

use std::time::{Duration, SystemTime};

use logtide_core::{Breadcrumb, Head, LogEntry, SpanFields, Timestamp, TraceId};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

use super::*;
use crate::integration::Integration;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn options() -> ClientOptions {
    ClientOptions::new("http://localhost", "lp_key")
}

/// The entries that were sent while `work` ran.
fn sent(options: ClientOptions, work: impl FnOnce(&Client)) -> Vec<Value> {
    let transport = MemoryTransport::new();
    let client = Client::with_transport(options, Arc::new(transport.clone())).unwrap();
    work(&client);
    assert!(client.flush_blocking(Duration::from_secs(30)).is_complete());
    let entries = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap()["logs"].take();
    transport
        .requests()
        .iter()
        .flat_map(|request| entries(&request.body).as_array().unwrap().clone())
        .collect()
}

fn trace_ids(entries: &[Value]) -> Vec<Option<&str>> {
    entries.iter().map(|entry| entry.get("trace_id").and_then(Value::as_str)).collect()
}

#[test]
fn the_nearest_trace_id_is_taken() {
    let entries = sent(options().auto_trace_id(true), |client| {
        let own = || LogEntry::new(Level::Info, "svc", "own").trace_id("own");
        client.info("svc", "generated", ());
        client.set_trace_id(Some("client"));
        client.info("svc", "client's", ());
        client.with_trace_id("scope", || {
            client.info("svc", "scope's", ());
            client.log(own());
            client.log(own().trace_id(""));
        });
        client.log(own());
        client.set_trace_id(None);
        client.info("svc", "generated", ());
    });
    let ids = trace_ids(&entries);
    let [first, between @ .., last] = &ids[..] else { panic!("{ids:?}") };
    assert_eq!(between, ["client", "scope", "own", "scope", "own"].map(Some));
    assert!(first.unwrap().parse::<TraceId>().is_ok() && last.unwrap().parse::<TraceId>().is_ok());
    assert_ne!(first, last);
}

#[test]
fn without_any_there_is_no_trace_id() {
    let entries = sent(options(), |client| {
        client.info("svc", "m", ());
        client.set_trace_id(Some(""));
        client.info("svc", "m", ());
        client.with_scope(|scope| scope.set_trace_id(""), || client.info("svc", "m", ()));
        assert_eq!((client.trace_id(), client.outgoing_trace()), (None, None));
    });
    assert_eq!(trace_ids(&entries), [None; 3]);
}

#[test]
fn the_client_returns_the_trace_that_it_writes() {
    let _ = sent(options(), |client| {
        client.set_trace_id(Some("client"));
        assert_eq!(client.trace_id().as_deref(), Some("client"));
        assert_eq!(client.outgoing_trace(), None, "an id that is not of the W3C form cannot go out");
        client.with_new_trace_id(|| {
            let id = client.trace_id().unwrap();
            assert!(id.parse::<TraceId>().is_ok(), "{id}");
            assert_eq!(client.outgoing_trace().unwrap().trace_id.to_string(), id);
        });
        assert_eq!(client.trace_id().as_deref(), Some("client"));
        client.set_trace_id(Some(TRACE));
        assert_eq!(client.outgoing_trace().unwrap().trace_id.to_string(), TRACE);
    });
}

#[test]
fn breadcrumbs_pass_the_hook() {
    let hook = |mut breadcrumb: Breadcrumb| {
        assert_ne!(breadcrumb.message, "panics", "expected in this test");
        breadcrumb.message = breadcrumb.message.replace("secret", "***");
        (breadcrumb.message != "drop").then_some(breadcrumb)
    };
    let entries = sent(options().max_breadcrumbs(3).before_breadcrumb(hook), |client| {
        client.add_breadcrumb(Breadcrumb::new("outside all scopes"));
        let work = || {
            for message in ["pushed out", "a secret", "drop", "panics", "plain"] {
                client.add_breadcrumb(Breadcrumb::new(message));
            }
            client.info("svc", "m", ());
        };
        client.with_scope(|_| (), work);
    });
    let breadcrumbs = entries[0]["metadata"]["breadcrumbs"].as_array().unwrap();
    let messages: Vec<_> = breadcrumbs.iter().map(|breadcrumb| &breadcrumb["message"]).collect();
    assert_eq!(messages, ["a ***", "panics", "plain"]);
    assert!(breadcrumbs.iter().all(|breadcrumb| breadcrumb["timestamp"].as_i64() > Some(1_700_000_000_000)));
}

#[test]
fn a_hook_may_log_and_add_breadcrumbs_of_its_own() {
    let transport = MemoryTransport::new();
    let inner = Client::with_transport(options(), Arc::new(transport)).unwrap();
    let hook = move |breadcrumb: Breadcrumb| {
        inner.add_breadcrumb(Breadcrumb::new("by the hook"));
        inner.info("svc", "by the hook", ());
        Some(breadcrumb)
    };
    let entries = sent(options().before_breadcrumb(hook), |client| {
        let work = || {
            client.add_breadcrumb(Breadcrumb::new("by the application"));
            client.info("svc", "m", ());
        };
        client.with_scope(|_| (), work);
    });
    let breadcrumbs = &entries[0]["metadata"]["breadcrumbs"];
    assert_eq!(
        (&breadcrumbs[0]["message"], &breadcrumbs[1]["message"]),
        (&json!("by the hook"), &json!("by the application"))
    );
}

#[test]
fn what_a_hook_logs_with_another_client_passes_the_hooks_of_that() {
    let transport = MemoryTransport::new();
    let scrubbed = |mut entry: LogEntry| {
        entry.message = entry.message.replace("secret", "***");
        Some(entry)
    };
    let hidden = |mut breadcrumb: Breadcrumb| {
        breadcrumb.message = breadcrumb.message.replace("secret", "***");
        Some(breadcrumb)
    };
    let audit = options().before_send(scrubbed).before_breadcrumb(hidden);
    let audit = Client::with_transport(audit, Arc::new(transport.clone())).unwrap();
    let (auditing, noting) = (audit.clone(), audit.clone());
    let hooks = options()
        .before_send(move |entry| {
            auditing.info("audit", &entry.message, ());
            Some(entry)
        })
        .before_breadcrumb(move |breadcrumb| {
            noting.add_breadcrumb(Breadcrumb::new(&*breadcrumb.message));
            None
        });
    let entries = sent(hooks, |client| {
        let work = || {
            client.add_breadcrumb(Breadcrumb::new("a secret breadcrumb"));
            audit.info("audit", "with a breadcrumb", ());
        };
        client.with_scope(|_| (), work);
        client.info("svc", "a secret", ());
    });
    assert_eq!(entries[0]["message"], "a secret", "it has another hook");
    assert!(audit.flush_blocking(Duration::from_secs(10)).is_complete());
    let body: Value = serde_json::from_slice(&transport.requests()[0].body).unwrap();
    assert_eq!(body["logs"][0]["metadata"]["breadcrumbs"][0]["message"], "a *** breadcrumb");
    assert_eq!(body["logs"][1]["message"], "a ***");
}

#[test]
fn a_detached_handle_logs_and_does_not_keep_the_client_open() {
    let transport = MemoryTransport::new();
    let client = Client::with_transport(options(), Arc::new(transport.clone())).unwrap();
    let detached = client.detached().clone();
    detached.info("svc", "while it is open", ());
    let copy = client.clone();
    drop(client);
    detached.info("svc", "a copy keeps it open", ());
    assert_eq!(transport.requests().len(), 0);
    drop(copy);
    assert_eq!(transport.requests().len(), 1, "the last handle that counts delivers");
    detached.info("svc", "too late", ());
    let metrics = detached.metrics();
    assert_eq!((metrics.logs_sent, metrics.logs_dropped), (2, 1));
}

#[test]
fn parts_are_logged_with_the_time_of_the_call_and_the_place_that_they_name() {
    let error = "x".parse::<u16>().unwrap_err();
    let before = Timestamp::from(SystemTime::now());
    let entries = sent(options().service("default"), |client| {
        let mut head = Head::new(Level::Error, "");
        let mut place = logtide_core::Frame::default();
        (place.file, place.line) = (Some("src/app.rs"), Some(12));
        head.location = Some(&place);
        head.ids.session_id = Some("123e4567-e89b-42d3-a456-426614174000");
        Integration::of(client).submit(&head, format_args!("failed {}", 1), &error);
    });
    assert_eq!((&entries[0]["service"], &entries[0]["message"]), (&json!("default"), &json!("failed 1")));
    assert!(entries[0]["time"].as_str().unwrap() >= before.to_string().as_str());
    assert_eq!(entries[0]["session_id"], "123e4567-e89b-42d3-a456-426614174000");
    let frame = &entries[0]["metadata"]["exception"]["stacktrace"][0];
    assert_eq!(*frame, json!({"file": "src/app.rs", "line": 12}));
}

#[test]
fn fields_that_are_written_ahead_are_within_the_limits_of_the_client_that_sends_them() {
    let lax = options().redaction(logtide_core::Redaction::off());
    let lax = Client::with_transport(lax, Arc::new(MemoryTransport::new())).unwrap();
    let fields = SpanFields::new(None, lax.handle().content(), (("password", "hunter2"), ("user", "ada")));
    for options in [options(), options().before_send(Some)] {
        let entries = sent(options, |client| {
            Integration::of(client).submit_with(&Head::new(Level::Info, "svc"), |entry| {
                entry.message("m");
                entry.span(&fields, true);
            });
        });
        let metadata = &entries[0]["metadata"];
        assert_eq!((&metadata["password"], &metadata["user"]), (&json!("[REDACTED]"), &json!("ada")));
    }
}

#[test]
fn level_methods_log_nothing_below_the_lowest_level() {
    let entries = sent(options().min_level(Level::Warn), |client| {
        let service = client.service("svc");
        client.info("svc", "below", Panics);
        service.debug("below", Panics);
        client.warn("svc", "1", ());
        service.critical("2", ());
        client.set_min_level(Level::Critical);
        assert!(client.enabled(Level::Critical) && !client.enabled(Level::Error));
        client.error("svc", "below", ());
        // `min_level` does not apply to integrations.
        Integration::of(client).submit(&Head::new(Level::Debug, "svc"), "3", ());
        client.log(LogEntry::new(Level::Debug, "svc", "4"));
        client.set_min_level(Level::Debug);
        client.debug("svc", "5", ());
    });
    let messages: Vec<_> = entries.iter().map(|entry| entry["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["1", "2", "3", "4", "5"]);
}

struct Panics;

impl logtide_core::IntoMetadata for Panics {
    fn write_to(self, _: &mut logtide_core::Fields<'_>) {
        panic!("it is not evaluated")
    }
}

#[test]
fn one_place_may_log_under_several_services_and_the_default_one() {
    let names = ["api", "", "worker", "api", ""];
    let entries = sent(options().service("default"), |client| {
        for name in names {
            client.info(name, "m", ());
        }
    });
    let services: Vec<_> = entries.iter().map(|entry| entry["service"].as_str().unwrap()).collect();
    assert_eq!(services, ["api", "default", "worker", "api", "default"]);
}

#[test]
fn entries_that_are_far_too_large_are_cut_before_they_wait() {
    const HUGE: usize = 1024 * 1024;
    let grows = |mut entry: LogEntry| {
        entry.metadata.insert("added", "x".repeat(HUGE));
        Some(entry)
    };
    for options in [options(), options().before_send(Some), options().before_send(grows)] {
        let options = options.max_buffer_bytes(HUGE / 2);
        let entries = sent(options, |client| {
            client.info("svc", "x".repeat(HUGE), [("kept", 1)]);
            client.info("svc", "m", [("numbers", vec![0_u8; HUGE])]);
        });
        assert_eq!(entries.len(), 2);
        assert_eq!((&entries[0]["metadata"]["kept"], &entries[1]["message"]), (&json!(1), &json!("m")));
        for entry in &entries {
            assert!(entry.to_string().len() <= 100 * 1024);
            assert!(entry["metadata"]["_original_size"].as_u64() > Some(HUGE as u64));
        }
    }
}
