//! No secret is sent, with any source and any hooks.

use logtide_client::{Client, ClientOptions, Wire, integration::Integration};
use logtide_core::{
    Breadcrumb, Content, Head, IntoMetadata as _, Level, LogEntry, Metadata, PayloadLimits, Redaction, Scope,
    SpanFields,
};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options, wire},
};
use logtide_transport::MemoryTransport;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Map, Value, json};

/// Part of every value that must not be sent.
const SECRET: &str = "S3CR3T";

/// The hook's replacement for a secret that it was not shown.
const BY_HOOK: &str = "[redacted]";

fn any_metadata() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        3 => "\\PC{0,12}",
        1 => (any::<char>(), 0usize..6_000).prop_map(|(letter, count)| letter.to_string().repeat(count)),
    ];
    let leaf = prop_oneof![any::<i64>().prop_map(Value::from), text.prop_map(Value::from)];
    let key = prop::sample::select(vec![
        "a",
        "b",
        "error",
        "exception",
        "breadcrumbs",
        "tags",
        "host",
        "constructor",
    ]);
    let secret = prop::sample::select(vec!["password", "apiKeys", "session_cookies", "body"]);
    leaf.prop_recursive(3, 24, 5, move |inner| {
        let plain = prop::collection::vec((key.clone(), inner), 1..5);
        let hidden = prop::collection::vec(secret.clone(), 0..3);
        (plain, hidden).prop_map(|(plain, hidden)| {
            let mut fields: Map<String, Value> =
                plain.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
            fields.extend(hidden.into_iter().map(|key| (key.to_owned(), json!([{"value": SECRET}, SECRET]))));
            fields.into()
        })
    })
}

#[derive(Clone, Copy, Debug)]
enum Hook {
    None,
    Same,
    Adds,
    Panics,
}

fn options_of(base: Value, limits: PayloadLimits, hook: Hook) -> ClientOptions {
    let options = options("http://localhost")
        .global_metadata(base)
        .redaction(Redaction::default())
        .payload_limits(limits.exclude_fields(["body"]));
    match hook {
        Hook::None => options,
        Hook::Same => options.before_send(Some),
        Hook::Adds => options.before_send(|mut entry| {
            assert!(!format!("{entry:?}").contains(SECRET), "the hook sees no secret");
            entry.metadata.insert("password", BY_HOOK);
            entry.metadata.insert("page", "a page ".repeat(3_000));
            Some(entry)
        }),
        Hook::Panics => options.before_send(|_| panic!("expected in this test")),
    }
}

fn log(client: &Client, scope: &Value, entry: &Value) {
    let scope = Scope::new().with(|current| {
        current.set_extras(scope.clone());
        current.set_tag("auth_token", SECRET);
        for _ in 0..3 {
            current.add_breadcrumb(Breadcrumb::new("clicked").data(scope.clone()));
        }
    });
    client.in_scope(scope, || {
        client.error("svc", "plain", entry.clone());
        let error = "eighty".parse::<u16>().expect_err("no number");
        client.error("svc", "failed", (&error).with(entry.clone()));
        // Written in advance, without the limits of the client.
        let ahead = SpanFields::new(None, Content::unchanged(), Metadata::from_fields(entry.clone()));
        Integration::of(client).submit_with(&Head::new(Level::Info, "svc"), |fields| {
            fields.message("ahead");
            fields.span(&ahead, true);
        });
        client.log(LogEntry::new(Level::Warn, "svc", "owned ".repeat(2_000)).metadata(entry.clone()));
    });
}

#[test]
fn no_request_holds_a_secret_or_an_entry_beyond_the_bound() {
    let limit = prop_oneof![4_096usize..20_000, Just(usize::MAX)];
    let hook = prop::sample::select(vec![Hook::None, Hook::Same, Hook::Adds, Hook::Panics]);
    let inputs = (any_metadata(), any_metadata(), any_metadata(), limit, 1usize..8_000, hook);
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&inputs, |(base, scope, entry, limit, field, hook)| {
        let transport = MemoryTransport::new();
        let limits = PayloadLimits::none().max_entry_bytes(limit).max_field_bytes(field);
        let client = memory_client(&transport, options_of(base, limits, hook));
        log(&client, &scope, &entry);
        prop_assert!(client.flush_blocking(TIMEOUT).is_complete());
        let mut messages = Vec::new();
        for request in transport.requests() {
            let text = String::from_utf8_lossy(&request.body).into_owned();
            prop_assert!(!text.contains(SECRET), "{}", text);
            for entry in entries::of_body(&request.body) {
                let text = entry.to_string();
                prop_assert!(!text.contains(SECRET), "{}", text);
                // Over OTLP the limit applies to bytes in another form.
                let is_bounded = text.len() <= limit || !matches!(wire(), Wire::Json);
                prop_assert!(is_bounded, "{} > {}", text.len(), limit);
                let has_room = limit >= 100_000;
                if matches!(hook, Hook::Adds) && has_room {
                    prop_assert_eq!(&entry["metadata"]["password"], BY_HOOK);
                    prop_assert_eq!(&entry["metadata"]["page"], &"a page ".repeat(3_000));
                }
                messages.push(entry["message"].as_str().expect("a text").to_owned());
            }
        }
        prop_assert_eq!(&messages[..3], ["plain", "failed", "ahead"]);
        prop_assert!("owned ".repeat(2_000).starts_with(messages[3].trim_end_matches("...[TRUNCATED]")));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
