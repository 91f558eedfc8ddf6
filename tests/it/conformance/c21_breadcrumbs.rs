//! What happened before an entry, as far as it is kept.

use logtide_client::{Client, ClientOptions};
use logtide_core::{Breadcrumb, BreadcrumbKind, Level, Scope};
use logtide_devserver::DevServer;
use logtide_tests::setup::{PATIENCE, client, options_for};
use serde_json::{Value, json};

/// Does some work inside a scope, logs an entry there, and gives its breadcrumbs as the server stored them.
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
    assert!(client.flush_blocking(PATIENCE).is_complete());
    let mut stored = server.stored();
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
            copy.add_breadcrumb(Breadcrumb::new("in the copy"), std::time::SystemTime::now());
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
