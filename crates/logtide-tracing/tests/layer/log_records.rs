//! Records of the `log` crate, passed on by `tracing-log`.

use std::{error::Error, fmt};

use log::{Level, Record};
use logtide_core::{CallSite, Level as Severity, bridge::Origin};
use serde_json::json;
use tracing::{info, info_span, subscriber::with_default};
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

#[test]
fn what_cannot_be_registered_is_sent_alike() {
    let work = || {
        let error = "x".parse::<u16>().expect_err("no number");
        info!(r#type = "user", number = 1, error = &error as &dyn Error, text = ?"shown", "message {}", 7);
        info!(number = 1);
        info!(
            service.name = "other",
            other.name = "other",
            logtide.critical = true,
            logtide.session_id = 7,
            "overrides"
        );
        info!(parent: None, r#type = "user", "outside");
        log("db", format_args!("slow"));
        log("app::db", format_args!("slow"));
    };
    let entries = |location: bool, is_registered: bool| {
        let memory = Memory::new();
        // What is registered for layers with another service field does not apply to these.
        let layer = memory.layer().location(location).service_field(if location {
            "service.name"
        } else {
            "other.name"
        });
        with_default(tracing_subscriber::registry().with(layer), || {
            if is_registered { work() } else { unregistered(work) }
        });
        let mut entries = memory.whole_entries();
        entries.iter_mut().for_each(|entry| drop(entry.as_object_mut().expect("an object").remove("time")));
        entries
    };
    for location in [true, false] {
        // Logs before the callsites are registered.
        let unregistered = entries(location, false);
        assert_eq!(unregistered.len(), 6);
        assert_eq!(unregistered, entries(location, true));
    }
}

/// Runs a closure while the thread cannot register a callsite.
fn unregistered(work: impl FnOnce()) {
    static PLACE: u8 = 0;
    let make = || {
        work();
        CallSite::new(Origin::default(), [])
    };
    CallSite::get_or_register(std::ptr::from_ref(&PLACE).addr(), |_| false, make);
}
