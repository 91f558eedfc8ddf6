//! Fields that set properties of the entry itself.

use serde_json::json;
use tracing::{error, info, info_span, warn};

use crate::setup::{sent, sent_by_default};

const SESSION: &str = "123e4567-e89b-42d3-a456-426614174000";

#[test]
fn ids_and_service_of_an_event_become_those_of_the_entry() {
    let entries = sent(
        |layer| layer.service("layer's"),
        || {
            info!("plain");
            info!(
                logtide.service = "billing",
                logtide.trace_id = "legacy-123",
                logtide.session_id = SESSION,
                "own"
            );
            info!(logtide.trace_id = %"f".repeat(32), logtide.session_id = "no uuid", "own");
            info!(logtide.trace_id = 42, logtide.service = "", "not texts that fit");
        },
    );
    assert_eq!((&entries[0]["service"], entries[0].get("trace_id")), (&json!("layer's"), None));
    assert_eq!(
        (&entries[1]["service"], &entries[1]["trace_id"], &entries[1]["session_id"]),
        (&json!("billing"), &json!("legacy-123"), &json!(SESSION))
    );
    assert_eq!(entries[1]["metadata"], json!({}));
    assert_eq!(entries[2]["trace_id"], "f".repeat(32));
    assert_eq!(entries[2]["metadata"], json!({"logtide.session_id": "no uuid"}));
    assert_eq!(entries[3]["metadata"], json!({"logtide.trace_id": 42, "logtide.service": ""}));
    assert_eq!(entries[3]["service"], "layer's");
}

#[test]
fn a_field_of_a_library_is_a_field_whatever_it_is_called() {
    let entries = sent_by_default(|| {
        info!(service = "s3", trace_id = "t", session_id = SESSION, critical = true, "an event");
        let _span =
            info_span!("call", service = "db", trace_id = "legacy-123", session_id = SESSION).entered();
        error!(critical = true, "inside");
    });
    let entry = &entries[0];
    assert_eq!((&entry["level"], &entry["service"]), (&json!("info"), &json!("svc")));
    assert_eq!((entry.get("trace_id"), entry.get("session_id")), (None, None));
    assert_eq!(
        entry["metadata"],
        json!({"service": "s3", "trace_id": "t", "session_id": SESSION, "critical": true})
    );
    let entry = &entries[1];
    assert_eq!((&entry["level"], &entry["service"]), (&json!("error"), &json!("svc")));
    assert_eq!(entry["trace_id"].as_str().map(str::len), Some(32), "the span is of a trace of its own");
    assert_eq!(entry.get("session_id"), None);
    assert_eq!(
        entry["metadata"],
        json!({
            "service": "db", "trace_id": "legacy-123", "session_id": SESSION, "critical": true, "spans": ["call"]
        })
    );
}

#[test]
fn another_prefix_or_none_takes_the_place_of_the_default_one() {
    let log = || {
        info!(app.service = "billing", "m");
        warn!(service = "mail", critical = true, "m");
        let _span =
            info_span!("call", logtide.trace_id = "with-the-default-prefix", trace_id = "plain").entered();
        info!(logtide.service = "default", "m");
    };
    let entries = sent(|layer| layer.override_prefix("app."), log);
    let services: Vec<_> = entries.iter().map(|entry| &entry["service"]).collect();
    assert_eq!(services, ["billing", "svc", "svc"]);
    assert_eq!(entries[2]["metadata"]["logtide.trace_id"], "with-the-default-prefix");

    let entries = sent(|layer| layer.override_prefix(""), log);
    let services: Vec<_> = entries.iter().map(|entry| &entry["service"]).collect();
    assert_eq!(services, ["svc", "mail", "svc"]);
    assert_eq!((&entries[1]["level"], &entries[1]["metadata"]), (&json!("critical"), &json!({})));
    assert_eq!(entries[2]["trace_id"], "plain");
}

#[test]
fn another_field_may_set_the_service_beside_the_one_with_the_prefix() {
    let entries = sent(
        |layer| layer.service_field("svc"),
        || {
            info!(svc = "a", service = "b", "m");
            info!(svc = "a", logtide.service = "c", "m");
        },
    );
    assert_eq!((&entries[0]["service"], &entries[0]["metadata"]), (&json!("a"), &json!({"service": "b"})));
    assert_eq!((&entries[1]["service"], &entries[1]["metadata"]), (&json!("c"), &json!({"svc": "a"})));
}
