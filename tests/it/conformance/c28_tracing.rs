//! Events of `tracing` as entries.

use std::error::Error;

use logtide_devserver::{DevServer, StoredEntry};
use logtide_tests::setup::{TIMEOUT, client, options_for};
use logtide_tracing::{Layer, SpanFields};
use serde_json::{Value, json};
use tracing::{debug, error, info, info_span, subscriber::with_default, trace, warn};
use tracing_subscriber::{filter::LevelFilter, layer::SubscriberExt as _};

fn stored(configure: impl FnOnce(Layer) -> Layer, work: impl FnOnce()) -> Vec<StoredEntry> {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).service("svc"));
    let layer = configure(logtide_tracing::layer(&client));
    with_default(tracing_subscriber::registry().with(layer), work);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    server.stored()
}

fn metadata(entry: &StoredEntry) -> &Value {
    entry.metadata.as_ref().expect("an entry has metadata")
}

#[test]
fn c28_levels_of_tracing_are_mapped() {
    let stored = stored(
        |layer| layer.level(LevelFilter::TRACE),
        || {
            trace!("m");
            debug!("m");
            info!("m");
            warn!("m");
            error!("m");
            error!(logtide.critical = true, "m");
        },
    );
    let levels: Vec<_> = stored.iter().map(|entry| entry.level.as_str()).collect();
    assert_eq!(levels, ["debug", "debug", "info", "warn", "error", "critical"]);
}

#[test]
fn c28_below_the_minimum_level_nothing_is_sent() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    let layer = logtide_tracing::layer(&client).with_filter(LevelFilter::WARN);
    with_default(tracing_subscriber::registry().with(layer), || {
        info!("below");
        warn!("at");
    });
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let stored = server.stored();
    assert_eq!(stored.iter().map(|entry| entry.message.as_str()).collect::<Vec<_>>(), ["at"]);
}

#[test]
fn c28_fields_of_events_and_spans_keep_their_types() {
    let error = "x".parse::<u16>().expect_err("this is no number");
    let work = || {
        let _request = info_span!("http", status = 200, method = "GET").entered();
        error!(user_id = 42, ratio = 0.5, ok = false, cause = &error as &dyn Error, "User {} logged in", 42);
    };
    let flat = stored(|layer| layer, work);
    assert_eq!((flat[0].message.as_str(), flat[0].service.as_str()), ("User 42 logged in", "svc"));
    let metadata_of = metadata(&flat[0]);
    for (key, value) in [
        ("user_id", json!(42)),
        ("ratio", json!(0.5)),
        ("ok", json!(false)),
        ("status", json!(200)),
        ("method", json!("GET")),
        ("spans", json!(["http"])),
        ("logger", json!(module_path!())),
    ] {
        assert_eq!(metadata_of[key], value, "{key}");
    }
    assert_eq!(
        (metadata_of.get("cause"), &metadata_of["exception"]["message"]),
        (None, &json!(error.to_string()))
    );
    let nested = stored(|layer| layer.span_fields(SpanFields::Nest), work);
    assert_eq!(metadata(&nested[0])["http"], json!({"status": 200, "method": "GET"}));
}

#[test]
fn c28_trace_and_session_of_an_event_are_the_entrys_own() {
    let session = "123e4567-e89b-42d3-a456-426614174000";
    let stored = stored(
        |layer| layer,
        || {
            info!(logtide.trace_id = "legacy-123", logtide.session_id = session, "m");
            let _span = info_span!("request", logtide.trace_id = "of-the-span").entered();
            info!("m");
        },
    );
    assert_eq!(stored[0].trace_id.as_deref(), Some("legacy-123"));
    assert_eq!(stored[0].session_id.as_deref(), Some(session));
    assert_eq!(stored[1].trace_id.as_deref(), Some("of-the-span"));
    assert!(stored.iter().all(|entry| metadata(entry).get("trace_id").is_none()));
}
