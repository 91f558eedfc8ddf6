//! Entries with any JSON as metadata arrive, and so do their neighbours.

use logtide_core::PayloadLimits;
use logtide_devserver::DevServer;
use logtide_tests::setup::{TIMEOUT, client, options_for};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        (any::<char>(), 0usize..30_000).prop_map(|(letter, count)| letter.to_string().repeat(count).into()),
    ];
    let key = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "__proto__",
            "constructor",
            "prototype",
            "sdk",
            "hostname",
            "host",
            "exception",
            "breadcrumbs",
            "token",
            "_truncated"
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(6, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..8).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

#[test]
fn c17_any_json_arrives_with_its_neighbours() {
    let server = DevServer::start().expect("the server starts");
    let limited = client(options_for(&server));
    let whole = client(options_for(&server).payload_limits(PayloadLimits::none()));
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() });
    let outcome = runner.run(&any_json(), |metadata| {
        for client in [&limited, &whole] {
            server.reset();
            client.info("svc", "before", ());
            client.info("svc", "any", metadata.clone());
            client.info("svc", "after", json!({"list": [metadata.clone()]}));
            let report = client.flush_blocking(TIMEOUT);
            prop_assert!(report.is_complete(), "{}", report);
            let messages: Vec<String> = server.stored().into_iter().map(|entry| entry.message).collect();
            prop_assert_eq!(messages, ["before", "any", "after"]);
            prop_assert_eq!(server.requests().total, 1, "nothing was refused and halved");
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn c17_large_integers_stay_exact() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    client.info("svc", "numbers", (("largest", u64::MAX), ("exact", (1_u64 << 53) - 1)));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let metadata = server.stored().remove(0).metadata.expect("an entry has metadata");
    assert_eq!(metadata["largest"], "18446744073709551615");
    assert_eq!(metadata["exact"], 9_007_199_254_740_991_u64);
}

#[test]
fn c17_an_entry_beyond_the_limits_is_cut_and_not_lost() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    let rows: Vec<String> = (0..100).map(|row| format!("row {row} ").repeat(1_000)).collect();
    client.info(
        "svc",
        "x".repeat(3_000_000),
        json!({"rows": rows, "id": 7, "breadcrumbs": [{"message": "clicked"}]}),
    );
    client.info("svc", "after", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let stored = server.stored();
    assert_eq!(stored.len(), 2);
    let metadata = stored[0].metadata.clone().expect("an entry has metadata");
    assert!(stored[0].message.ends_with("...[TRUNCATED]"));
    assert!(stored[0].message.len() + metadata.to_string().len() < 100 * 1024);
    assert_eq!((&metadata["_truncated"], &metadata["id"]), (&json!(true), &json!(7)));
    assert_eq!(metadata["breadcrumbs"][0]["message"], "clicked");
}
