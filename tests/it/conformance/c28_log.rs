//! Records of the `log` crate as entries.

use log::{Level, LevelFilter, Log, Record, kv};
use logtide_devserver::{DevServer, StoredEntry};
use logtide_log::Logger;
use logtide_tests::setup::{TIMEOUT, client, options_for};
use serde_json::json;

fn stored(configure: impl FnOnce(Logger) -> Logger, work: impl FnOnce(&Logger)) -> Vec<StoredEntry> {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).service("svc"));
    work(&configure(Logger::new(&client)));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    server.stored()
}

fn log(logger: &Logger, level: Level, pairs: &[(&str, kv::Value<'_>)]) {
    let mut record = Record::builder();
    record.level(level).target("app").key_values(&pairs);
    logger.log(&record.args(format_args!("User {} logged in", 42)).build());
}

#[test]
fn c28_levels_of_log_are_mapped() {
    let stored = stored(
        |logger| logger.level(LevelFilter::Trace),
        |logger| {
            for level in Level::iter() {
                log(logger, level, &[]);
            }
            log(logger, Level::Error, &[("logtide.critical", kv::Value::from(true))]);
        },
    );
    let levels: Vec<_> = stored.iter().map(|entry| entry.level.as_str()).collect();
    assert_eq!(levels, ["error", "warn", "info", "debug", "debug", "critical"]);
}

#[test]
fn c28_records_below_the_minimum_level_are_not_sent() {
    let stored = stored(
        |logger| logger.level(LevelFilter::Warn),
        |logger| {
            log(logger, Level::Info, &[]);
            log(logger, Level::Warn, &[]);
        },
    );
    assert_eq!(stored.len(), 1);
}

#[test]
fn c28_key_values_keep_their_types_and_the_trace_is_the_entrys_own() {
    let error = "x".parse::<u16>().expect_err("this is no number");
    let stored = stored(
        |logger| logger,
        |logger| {
            let pairs = [
                ("user_id", kv::Value::from(42)),
                ("ok", kv::Value::from(false)),
                ("cause", kv::Value::from_display(&error)),
                ("logtide.trace_id", kv::Value::from("legacy-123")),
            ];
            log(logger, Level::Error, &pairs);
        },
    );
    assert_eq!(
        (stored[0].message.as_str(), stored[0].trace_id.as_deref()),
        ("User 42 logged in", Some("legacy-123"))
    );
    let metadata = stored[0].metadata.as_ref().expect("an entry has metadata");
    for (key, value) in [
        ("user_id", json!(42)),
        ("ok", json!(false)),
        ("cause", json!(error.to_string())),
        ("logger", json!("app")),
    ] {
        assert_eq!(metadata[key], value, "{key}");
    }
    assert_eq!(metadata.get("logtide.trace_id"), None);
}
