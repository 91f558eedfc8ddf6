//! Records of the `log` crate that `tracing-log` brings.

use std::fmt;

use log::{Level, Record};
use logtide_core::Level as Severity;
use serde_json::json;
use tracing::{info_span, subscriber::with_default};
use tracing_subscriber::prelude::*;

use crate::setup::Memory;

fn log(target: &str, message: fmt::Arguments<'_>) {
    let mut record = Record::builder();
    record.level(Level::Warn).target(target).module_path(Some("app::db"));
    record.file(Some("src/db.rs")).line(Some(12));
    tracing_log::format_trace(&record.args(message).build()).expect("it cannot fail");
}

#[test]
fn records_have_their_own_origin() {
    let memory = Memory::new();
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        let _span = info_span!("span", a = 1).entered();
        log("db", format_args!("slow {}", 1));
        log("app::db", format_args!("slow"));
    });
    let mut entries = memory.whole_entries();
    for entry in &mut entries {
        entry["metadata"].as_object_mut().expect("an object").remove("sdk");
    }
    assert_eq!((&entries[0]["level"], &entries[0]["message"]), (&json!("warn"), &json!("slow 1")));
    assert_eq!(
        entries[0]["metadata"],
        json!({
            "logger": "db", "module": "app::db", "file": "src/db.rs", "line": 12, "a": 1, "spans": ["span"]
        })
    );
    assert_eq!(
        entries[1]["metadata"],
        json!({"logger": "app::db", "file": "src/db.rs", "line": 12, "a": 1, "spans": ["span"]})
    );
}

#[test]
fn settings_of_the_layer_hold_for_records() {
    let memory = Memory::new();
    let layer = memory.layer().location(false).map_level(|metadata| match metadata.target() {
        "payments" if *metadata.level() == tracing::Level::WARN => Severity::Critical,
        _ => Severity::Info,
    });
    with_default(tracing_subscriber::registry().with(layer), || {
        log("payments", format_args!("refused"));
        log("db", format_args!("slow"));
    });
    let mut entries = memory.whole_entries();
    for (entry, (target, level)) in entries.iter_mut().zip([("payments", "critical"), ("db", "info")]) {
        entry["metadata"].as_object_mut().expect("an object").remove("sdk");
        assert_eq!((&entry["level"], &entry["metadata"]), (&json!(level), &json!({"logger": target})));
    }
    assert_eq!(entries.len(), 2);
}
