//! No value prevents delivery of its entry or of others.

use std::{
    collections::BTreeMap,
    fmt::{self, Display},
};

use logtide_client::Client;
use logtide_core::{IntoMetadata, PayloadLimits, Serialized};
use logtide_devserver::{DevServer, StoredEntry};
use logtide_tests::setup::{TIMEOUT, client, options_for};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Value, json};

/// Logs an unusual entry between two normal ones, and returns what the server stored of it.
fn stored(message: impl Display, metadata: impl IntoMetadata) -> StoredEntry {
    log_among_others(|client| client.info("svc", message, metadata))
}

fn log_among_others(log: impl FnOnce(&Client)) -> StoredEntry {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).payload_limits(PayloadLimits::none()));
    client.info("svc", "before", ());
    log(&client);
    client.info("svc", "after", ());
    let report = client.flush_blocking(TIMEOUT);
    assert!(report.is_complete(), "{report}");
    let mut stored = server.stored();
    assert_eq!(stored.len(), 3);
    assert!(client.metrics().errors == 0, "the server refused something");
    assert_eq!((stored[0].message.as_str(), stored[2].message.as_str()), ("before", "after"));
    stored.remove(1)
}

fn metadata(entry: StoredEntry) -> Value {
    entry.metadata.expect("an entry has metadata")
}

#[test]
fn c17_numbers_that_json_does_not_have() {
    let fields = (
        ("nan", f64::NAN),
        ("infinite", f64::NEG_INFINITY),
        ("large", u64::MAX),
        ("small", i64::MIN),
        ("larger", u128::MAX),
        ("fine", -0.5),
    );
    let metadata = metadata(stored("numbers", fields));
    assert_eq!(metadata["nan"], "NaN");
    assert_eq!(metadata["infinite"], "-Infinity");
    assert_eq!(metadata["large"], "18446744073709551615");
    assert_eq!(metadata["small"], "-9223372036854775808");
    assert_eq!(metadata["larger"], u128::MAX.to_string());
    assert_eq!(metadata["fine"], -0.5);
}

#[test]
fn c17_texts_that_the_server_refuses() {
    let entry =
        stored("nul\0 \u{1}\u{7f}\u{fffe} \"quoted\" \\ 😀", json!({"k\0ey": "v\0", "__proto__": 1, "": 2}));
    assert_eq!(entry.message, "nul\u{fffd} \u{1}\u{7f}\u{fffe} \"quoted\" \\ 😀");
    let metadata = metadata(entry);
    assert_eq!(
        (&metadata["k\u{fffd}ey"], &metadata["_proto_"], &metadata[""]),
        (&json!("v\u{fffd}"), &json!(1), &json!(2))
    );
    assert_eq!(stored("", ()).message, "(empty message)");
    let nameless = log_among_others(|client| client.info("", "no service", ()));
    assert_eq!(nameless.service, "unknown");
    let long = log_among_others(|client| client.info(&"😀".repeat(60), "a long service", ()));
    assert_eq!(long.service, "😀".repeat(50));
}

#[test]
fn c17_values_that_never_end() {
    let mut deep = json!("bottom");
    for _ in 0..500 {
        deep = json!({"down": deep});
    }
    assert!(metadata(stored("deep", deep)).to_string().len() < 2_000);
    let endless = metadata(stored("endless", [("self", Endless)]));
    assert!(endless["self"]["self"]["self"].is_object());
}

#[test]
fn c17_values_that_fail_or_panic() {
    let failing = metadata(stored("failing", (("good", 1), ("bad", Failing), ("last", 2))));
    assert_eq!((&failing["good"], &failing["last"]), (&json!(1), &json!(2)));
    assert!(failing["bad"].as_str().expect("a text").contains("out of order"));
    let entry = stored(Panicking, [("k", 1)]);
    assert!(entry.message.contains("panicked"), "{}", entry.message);
    let entry = stored("panicking", [("k", Panicking)]);
    assert_eq!(entry.message, "panicking");
    let keys = metadata(stored("keys", Serialized(BTreeMap::from([((1, 2), "x")]))));
    assert!(keys.to_string().contains("\"x\""));
}

/// Contains itself.
struct Endless;

impl Serialize for Endless {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("self", &Self)?;
        map.end()
    }
}

struct Failing;

impl Serialize for Failing {
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("out of order"))
    }
}

struct Panicking;

impl Serialize for Panicking {
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        panic!("expected in this test")
    }
}

impl Display for Panicking {
    fn fmt(&self, _formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("expected in this test")
    }
}

#[test]
fn c17_a_large_entry_takes_no_other_with_it() {
    let entry = stored("x".repeat(3_000_000), ());
    assert_eq!(entry.message.len(), 3_000_000);
}
