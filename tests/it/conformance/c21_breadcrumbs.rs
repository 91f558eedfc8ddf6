//! Breadcrumbs: the events before an entry.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use logtide_client::{Client, ClientOptions, InScope as _};
use logtide_core::{Breadcrumb, BreadcrumbKind, Event, Level, Scope};
use logtide_devserver::DevServer;
use logtide_tests::{
    entries,
    setup::{TIMEOUT, client, memory_client, options, options_for},
};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

/// Runs some work in a scope, logs an entry there, and returns its breadcrumbs as the server stored them.
fn stored(
    configure: impl FnOnce(ClientOptions) -> ClientOptions,
    work: impl FnOnce(&Client),
) -> Option<Value> {
    let server = DevServer::start().expect("the server starts");
    let client = client(configure(options_for(&server)));
    client.in_scope(Scope::new(), || {
        work(&client);
        client.info("svc", "hello", ());
    });
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let mut stored = server.stored();
    stored.retain(|entry| entry.message == "hello");
    assert_eq!(stored.len(), 1);
    stored.remove(0).metadata.expect("every entry has metadata").get("breadcrumbs").cloned()
}

fn add(client: &Client, count: usize) {
    (0..count).for_each(|number| client.add_breadcrumb(Breadcrumb::new(format!("m{number}"))));
}

fn messages(breadcrumbs: &Value) -> Vec<&str> {
    breadcrumbs
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|breadcrumb| breadcrumb["message"].as_str())
        .collect()
}

#[test]
fn c21_the_latest_are_kept_oldest_first() {
    let breadcrumbs = stored(|options| options.max_breadcrumbs(3), |client| add(client, 5)).unwrap();
    assert_eq!(messages(&breadcrumbs), ["m2", "m3", "m4"]);
}

#[test]
fn c21_a_hundred_are_kept_by_default() {
    let breadcrumbs = stored(|options| options, |client| add(client, 110)).unwrap();
    let messages = messages(&breadcrumbs);
    assert_eq!((messages.len(), messages[0], messages[99]), (100, "m10", "m109"));
}

#[test]
fn c21_cleared_breadcrumbs_leave_no_field() {
    let breadcrumbs = stored(
        |options| options,
        |client| {
            add(client, 3);
            client.configure_scope(Scope::clear_breadcrumbs);
        },
    );
    assert_eq!(breadcrumbs, None);
}

#[test]
fn c21_a_copy_that_was_read_is_its_own() {
    let breadcrumbs = stored(
        |options| options,
        |client| {
            add(client, 1);
            let mut copy = client.current_scope();
            copy.add_breadcrumb(Breadcrumb::new("in the copy"));
            let mut read = copy.breadcrumbs().next().cloned().unwrap();
            read.message.push_str(" changed");
        },
    );
    assert_eq!(messages(&breadcrumbs.unwrap()), ["m0"]);
}

#[test]
fn c21_a_breadcrumb_has_the_fields_of_the_contract() {
    let breadcrumbs = stored(
        |options| options,
        |client| {
            let breadcrumb = Breadcrumb::new("GET /a").kind(BreadcrumbKind::Http).category("request");
            client.add_breadcrumb(breadcrumb.level(Level::Warn).data([("status", 500)]));
            add(client, 1);
        },
    );
    let mut breadcrumbs = breadcrumbs.unwrap();
    for breadcrumb in breadcrumbs.as_array_mut().unwrap() {
        let milliseconds = breadcrumb["timestamp"].take().as_u64().expect("a number that pages compute with");
        assert!((1_700_000_000_000..100_000_000_000_000).contains(&milliseconds), "{milliseconds}");
    }
    let expected = json!([
        {"type": "http", "category": "request", "message": "GET /a", "level": "warn", "timestamp": null, "data": {"status": 500}},
        {"type": "custom", "message": "m0", "level": "info", "timestamp": null},
    ]);
    assert_eq!(breadcrumbs, expected);
}

/// A hook that hides secrets, drops pings, and marks what it saw.
fn hook(mut breadcrumb: Breadcrumb) -> Option<Breadcrumb> {
    breadcrumb.message = format!("{}+", breadcrumb.message.replace("SECRET", "***"));
    (breadcrumb.message != "ping+").then_some(breadcrumb)
}

/// Adds breadcrumbs of these messages, and logs an entry that has them.
type Way = fn(&Client, &[&str]);

/// The ways in which breadcrumbs get into the scope of an entry.
const WAYS: [(&str, Way); 7] = [
    ("add_breadcrumb", |client, messages| {
        client.in_scope(Scope::new(), || {
            messages.iter().for_each(|message| client.add_breadcrumb(Breadcrumb::new(*message)));
            client.info("svc", "hello", ());
        });
    }),
    ("configure_scope", |client, messages| {
        client.in_scope(Scope::new(), || {
            client.configure_scope(|scope| add_to(scope, messages));
            client.info("svc", "hello", ());
        });
    }),
    ("with_scope", |client, messages| {
        client.with_scope(|scope| add_to(scope, messages), || client.info("svc", "hello", ()));
    }),
    ("with_scope_async", |client, messages| {
        futures_util::FutureExt::now_or_never(
            client
                .with_scope_async(|scope| add_to(scope, messages), async { client.info("svc", "hello", ()) }),
        );
    }),
    ("in_scope", |client, messages| {
        client
            .in_scope(Scope::new().with(|scope| add_to(scope, messages)), || client.info("svc", "hello", ()));
    }),
    ("a future's scope", |client, messages| {
        let scope = Scope::new().with(|scope| add_to(scope, messages));
        futures_util::FutureExt::now_or_never(async { client.info("svc", "hello", ()) }.with_scope(scope));
    }),
    ("a scope within another client's", |client, messages| {
        let other = memory_client(&MemoryTransport::new(), options("http://localhost"));
        other.with_scope(|scope| add_to(scope, messages), || client.info("svc", "hello", ()));
    }),
];

fn add_to(scope: &mut Scope, messages: &[&str]) {
    messages.iter().for_each(|message| scope.add_breadcrumb(Breadcrumb::new(*message)));
}

fn sent_by(way: Way, options: ClientOptions, sent: &[&str]) -> Vec<String> {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options);
    way(&client, sent);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries = entries::of_body(&transport.requests()[0].body);
    messages(&entries[0]["metadata"]["breadcrumbs"]).into_iter().map(str::to_owned).collect()
}

#[test]
fn c21_every_way_in_is_bounded_and_passes_the_hook_once() {
    for (name, way) in WAYS {
        let options = options("http://localhost").max_breadcrumbs(2).before_breadcrumb(hook);
        assert_eq!(sent_by(way, options, &["a", "SECRET", "b"]), ["***+", "b+"], "{name}");
        let options = options_with_hook();
        assert_eq!(sent_by(way, options, &["a", "ping", "b"]), ["a+", "b+"], "{name}");
    }
}

fn options_with_hook() -> ClientOptions {
    options("http://localhost").before_breadcrumb(hook)
}

#[test]
fn c21_none_are_sent_where_none_are_kept() {
    for (name, way) in WAYS {
        let sent = sent_by(way, options("http://localhost").max_breadcrumbs(0), &["a"]);
        assert_eq!(sent, [""; 0], "{name}");
    }
}

#[test]
fn c21_more_than_a_hundred_are_kept_where_the_client_says_so() {
    let many: Vec<String> = (0..150).map(|number| number.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (name, way) in &WAYS[..4] {
        let sent = sent_by(*way, options("http://localhost").max_breadcrumbs(200), &many);
        assert_eq!(sent, many, "{name}");
    }
}

#[test]
fn c21_a_breadcrumb_passes_the_hook_once_for_many_entries_and_changes() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options_with_hook());
    client.in_scope(Scope::new().with(|scope| add_to(scope, &["a"])), || {
        for message in ["b", "c"] {
            client.info("svc", "hello", ());
            client.configure_scope(|scope| add_to(scope, &[message]));
            client.add_breadcrumb(Breadcrumb::new("d"));
            client.with_scope(|scope| scope.set_tag("k", "v"), || client.info("svc", "hello", ()));
        }
    });
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries = entries::of_body(&transport.requests()[0].body);
    assert_eq!(messages(&entries[3]["metadata"]["breadcrumbs"]), ["a+", "b+", "d+", "c+", "d+"]);
}

#[test]
fn c21_a_hook_that_adds_and_logs_ends() {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let transport = MemoryTransport::new();
    let options = options("http://localhost").before_breadcrumb(|breadcrumb| {
        let client = CLIENT.get().expect("the client is there");
        client.add_breadcrumb(Breadcrumb::new("of the hook"));
        client.info("svc", "inside", ());
        Some(breadcrumb)
    });
    let client = CLIENT.get_or_init(|| memory_client(&transport, options));
    client.in_scope(Scope::new(), || {
        client.configure_scope(|scope| add_to(scope, &["SECRET"]));
        client.info("svc", "outside", ());
    });
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries = entries::of_body(&transport.requests()[0].body);
    assert_eq!(entries[0]["message"], "inside");
    assert_eq!(entries[0]["metadata"].get("breadcrumbs"), None);
    assert_eq!(messages(&entries[1]["metadata"]["breadcrumbs"]), ["SECRET"]);
}

#[test]
fn c21_a_panic_in_the_hook_keeps_the_breadcrumb_and_is_told_once() {
    let told: Arc<AtomicUsize> = Arc::default();
    let counter = told.clone();
    let configure = |options: ClientOptions| {
        options.before_breadcrumb(|_| panic!("expected in this test")).on_event(move |event| {
            if let Event::HookPanicked { hook: "before_breadcrumb" } = event {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        })
    };
    let error = OnceLock::new();
    let breadcrumbs = stored(configure, |client| {
        add(client, 1);
        client.info("svc", "first", ());
        client.flush_blocking(TIMEOUT);
        let _ = error.set(client.metrics().last_error.unwrap_or_default());
        add(client, 2);
    });
    assert_eq!(messages(&breadcrumbs.expect("they are kept")), ["m0", "m0", "m1"]);
    assert_eq!(told.load(Ordering::SeqCst), 1);
    assert!(error.get().is_some_and(|error| error.contains("before_breadcrumb panicked")), "{error:?}");
}
