//! Records as entries.

use std::{
    error::Error,
    fmt::{self, Display},
    sync::Arc,
    time::Duration,
};

use log::{Level, LevelFilter, Log, Record, kv};
use logtide_client::{Client, ClientOptions, integration::ActiveSpan};
use logtide_log::Logger;
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(20);

/// The entries that are sent, without the SDK's own metadata.
fn sent(configure: impl FnOnce(Logger) -> Logger, work: impl FnOnce(&dyn Log)) -> Vec<Value> {
    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost", "lp_k").service("svc");
    let client = Client::with_transport(options, Arc::new(transport.clone())).expect("the options work");
    work(&configure(Logger::new(&client)));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let mut entries = Vec::new();
    for request in transport.requests() {
        let mut body: Value = serde_json::from_slice(&request.body).expect("JSON");
        entries.append(body["logs"].as_array_mut().expect("a list"));
    }
    for entry in &mut entries {
        entry["metadata"].as_object_mut().expect("an object").remove("sdk");
    }
    entries
}

/// Logs a record with the key-values that `log`'s macros would collect.
fn log(logger: &dyn Log, level: Level, target: &str, message: impl Display, pairs: &[(&str, kv::Value<'_>)]) {
    logger.log(
        &Record::builder()
            .level(level)
            .target(target)
            .module_path(Some("app::db"))
            .file(Some("src/db.rs"))
            .line(Some(12))
            .key_values(&pairs)
            .args(format_args!("{message}"))
            .build(),
    );
}

#[derive(Debug)]
struct Failed;

impl Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("it failed")
    }
}

impl Error for Failed {}

#[test]
fn levels_messages_and_origin_are_those_of_the_record() {
    let entries = sent(
        |logger| logger.service("logger's").level(LevelFilter::Trace),
        |logger| {
            for level in [Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error] {
                log(logger, level, "app::db", format_args!("user {} logged in", 42), &[]);
            }
            log(logger, Level::Info, "audit", "m", &[]);
        },
    );
    let levels: Vec<_> = entries.iter().map(|entry| &entry["level"]).collect();
    assert_eq!(levels, ["debug", "debug", "info", "warn", "error", "info"]);
    assert_eq!(
        (&entries[0]["message"], &entries[0]["service"]),
        (&json!("user 42 logged in"), &json!("logger's"))
    );
    assert_eq!(entries[0]["metadata"], json!({"logger": "app::db", "file": "src/db.rs", "line": 12}));
    assert_eq!(
        entries[5]["metadata"],
        json!({"logger": "audit", "module": "app::db", "file": "src/db.rs", "line": 12})
    );
}

#[test]
fn key_values_keep_their_types() {
    let entries = sent(
        |logger| logger.location(false),
        |logger| {
            let list = [1, 2];
            let pairs = [
                ("text", kv::Value::from("say \"hi\"")),
                ("number", kv::Value::from(42)),
                ("wide", kv::Value::from(1_u128 << 100)),
                ("float", kv::Value::from(12.5)),
                ("flag", kv::Value::from(true)),
                ("shown", kv::Value::from_display(&Failed)),
                ("debugged", kv::Value::from_debug(&Some(1))),
                ("list", kv::Value::from_serde(&list)),
                ("password", kv::Value::from("hunter2")),
            ];
            log(logger, Level::Info, "app::db", "m", &pairs);
        },
    );
    assert_eq!(
        entries[0]["metadata"],
        json!({
            "text": "say \"hi\"", "number": 42, "wide": (1_u128 << 100).to_string(), "float": 12.5, "flag": true,
            "shown": "it failed", "debugged": "Some(1)", "list": [1, 2], "password": "[REDACTED]", "logger": "app::db"
        })
    );
}

#[test]
fn what_says_something_about_the_entry_is_no_metadata() {
    let session = "123e4567-e89b-42d3-a456-426614174000";
    let entries = sent(
        |logger| logger.location(false),
        |logger| {
            let pairs = [
                ("logtide.critical", kv::Value::from(true)),
                ("logtide.service", kv::Value::from("billing")),
                ("logtide.trace_id", kv::Value::from("legacy-123")),
                ("logtide.session_id", kv::Value::from(session)),
            ];
            log(logger, Level::Error, "t", "m", &pairs);
            log(logger, Level::Error, "t", "m", &[("logtide.trace_id", kv::Value::from(42))]);
        },
    );
    let entry = &entries[0];
    assert_eq!(
        (&entry["level"], &entry["service"], &entry["trace_id"], &entry["session_id"]),
        (&json!("critical"), &json!("billing"), &json!("legacy-123"), &json!(session))
    );
    assert_eq!(entry["metadata"], json!({"logger": "t"}));
    assert_eq!((entries[1].get("trace_id"), &entries[1]["metadata"]["logtide.trace_id"]), (None, &json!(42)));
}

#[test]
fn a_key_of_a_library_is_metadata_whatever_it_is_called() {
    let pairs = [
        ("critical", kv::Value::from(true)),
        ("service", kv::Value::from("of-a-library")),
        ("trace_id", kv::Value::from("legacy-123")),
        ("session_id", kv::Value::from("123e4567-e89b-42d3-a456-426614174000")),
    ];
    let keys = pairs.each_ref().map(|(key, _)| *key);
    let entries = sent(|logger| logger, |logger| log(logger, Level::Warn, "t", "m", &pairs));
    let entry = &entries[0];
    assert_eq!((&entry["level"], &entry["service"]), (&json!("warn"), &json!("svc")));
    assert_eq!((entry.get("trace_id"), entry.get("session_id")), (None, None));
    let metadata = keys.map(|key| &entry["metadata"][key]);
    let session = "123e4567-e89b-42d3-a456-426614174000";
    assert_eq!(metadata, [&json!(true), &json!("of-a-library"), &json!("legacy-123"), &json!(session)]);

    let plain =
        sent(|logger| logger.override_prefix(""), |logger| log(logger, Level::Warn, "t", "m", &pairs));
    let entry = &plain[0];
    assert_eq!((&entry["level"], &entry["service"]), (&json!("critical"), &json!("of-a-library")));
    assert_eq!((&entry["trace_id"], &entry["session_id"]), (&json!("legacy-123"), &json!(session)));
    assert!(keys.iter().all(|key| entry["metadata"].get(key).is_none()), "{entry}");
}

#[test]
fn numbers_are_no_ids_whatever_their_size() {
    let entries = sent(
        |logger| logger.location(false),
        |logger| {
            let numbers = [
                kv::Value::from(9_876_543_210_u64),
                kv::Value::from(u64::MAX),
                kv::Value::from(i64::MIN),
                kv::Value::from(u128::MAX),
                kv::Value::from(i128::MIN),
                kv::Value::from(0.5),
            ];
            for number in numbers {
                log(
                    logger,
                    Level::Info,
                    "t",
                    "m",
                    &[("logtide.trace_id", number.clone()), ("logtide.service", number)],
                );
            }
        },
    );
    assert_eq!(entries.len(), 6);
    for entry in &entries {
        assert_eq!((entry.get("trace_id"), &entry["service"]), (None, &json!("svc")), "{entry}");
    }
    let kept: Vec<_> = entries.iter().map(|entry| &entry["metadata"]["logtide.trace_id"]).collect();
    // Numbers that do not fit a float are kept exactly, as texts.
    let exact = [json!(9_876_543_210_u64), json!(u64::MAX.to_string()), json!(i64::MIN.to_string())];
    assert_eq!(kept[..3], exact.each_ref());
}

#[test]
fn the_first_error_is_an_exception() {
    let entries = sent(
        |logger| logger,
        |logger| {
            let pairs = [
                ("cause", kv::Value::from_dyn_error(&Failed)),
                ("second", kv::Value::from_dyn_error(&Failed)),
            ];
            log(logger, Level::Error, "t", "m", &pairs);
        },
    );
    let metadata = &entries[0]["metadata"];
    assert_eq!((metadata.get("cause"), &metadata["second"]), (None, &json!("it failed")));
    assert_eq!(
        (&metadata["exception"]["message"], &metadata["error"]["message"]),
        (&json!("it failed"), &json!("it failed"))
    );
    assert_eq!(metadata["exception"]["stacktrace"], json!([{"file": "src/db.rs", "line": 12}]));
}

#[test]
fn records_below_the_level_of_their_module_are_not_sent() {
    let entries = sent(
        |logger| {
            logger
                .level(LevelFilter::Info)
                .module("hyper", LevelFilter::Warn)
                .module("hyper::ok", LevelFilter::Trace)
        },
        |logger| {
            log(logger, Level::Debug, "app", "refused", &[]);
            log(logger, Level::Info, "app", "taken", &[]);
            log(logger, Level::Info, "hyper::client", "refused", &[]);
            log(logger, Level::Trace, "hyper::ok", "taken", &[]);
        },
    );
    assert_eq!(entries.iter().map(|entry| &entry["message"]).collect::<Vec<_>>(), ["taken", "taken"]);
}

#[test]
fn details_are_not_sent_unless_they_are_asked_for() {
    let entries = sent(
        |logger| logger,
        |logger| {
            for level in [Level::Trace, Level::Debug, Level::Info, Level::Error] {
                log(logger, level, "app", level, &[]);
            }
        },
    );
    assert_eq!(entries.iter().map(|entry| &entry["message"]).collect::<Vec<_>>(), ["INFO", "ERROR"]);
}

#[test]
fn a_source_or_a_value_that_panics_costs_only_itself() {
    struct Panics;
    impl kv::Source for Panics {
        fn visit<'kvs>(&'kvs self, visitor: &mut dyn kv::VisitSource<'kvs>) -> Result<(), kv::Error> {
            visitor.visit_pair("logtide.service".into(), "billing".into())?;
            visitor.visit_pair("good".into(), 1.into())?;
            panic!("expected in this test")
        }
    }
    impl serde::Serialize for Panics {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeMap as _;
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("half", "written")?;
            panic!("expected in this test")
        }
    }
    let entries = sent(
        |logger| logger,
        |logger| {
            let mut record = Record::builder();
            record.level(Level::Info).target("t").key_values(&Panics);
            logger.log(&record.args(format_args!("from a source")).build());
            let pairs = [("good", kv::Value::from(1)), ("bad", kv::Value::from_serde(&Panics))];
            log(logger, Level::Info, "t", "with a value", &pairs);
        },
    );
    assert_eq!(
        (&entries[0]["message"], &entries[0]["service"]),
        (&json!("from a source"), &json!("billing"))
    );
    let note = "the key-values panicked while they were read";
    assert_eq!(entries[0]["metadata"], json!({"good": 1, "logtide_error": note, "logger": "t"}));
    assert_eq!(entries[1]["message"], "with a value");
    assert_eq!(
        entries[1]["metadata"],
        json!({"logtide_error": "the metadata panicked while it was serialized", "logger": "t", "module": "app::db", "file": "src/db.rs", "line": 12})
    );
}

#[test]
fn records_belong_to_the_active_span() {
    let span = ActiveSpan::in_trace("c".repeat(32));
    let entries = sent(
        |logger| logger,
        |logger| {
            span.enter();
            log(logger, Level::Info, "t", "m", &[]);
            span.exit();
        },
    );
    assert_eq!(entries[0]["trace_id"], "c".repeat(32));
}

#[test]
fn a_value_may_log_and_panic_while_it_is_formatted() {
    struct Logs<'a>(&'a dyn Log);
    impl Display for Logs<'_> {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            log(self.0, Level::Info, "t", "inside", &[]);
            panic!("expected in this test")
        }
    }
    let entries = sent(
        |logger| logger,
        |logger| {
            log(logger, Level::Info, "t", Logs(logger), &[("good", kv::Value::from(1))]);
        },
    );
    assert_eq!(entries[0]["message"], "inside");
    assert_eq!(
        (&entries[1]["message"], &entries[1]["metadata"]["good"]),
        (&json!("(panicked while it was formatted)"), &json!(1))
    );
}
