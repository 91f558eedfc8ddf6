//! Levels, messages and fields of events.

use std::time::Duration;

use logtide_core::Level;
use serde_json::json;

use crate::setup::{Memory, sent, sent_by_default};
use tracing::subscriber::with_default;
use tracing_core::{
    Event, Field, Interest, Kind, Metadata,
    callsite::Callsite,
    field::{FieldSet, Value},
    identify_callsite,
};
use tracing_subscriber::{filter::LevelFilter, prelude::*};

#[test]
fn numbers_and_truth_values_stay_what_they_are() {
    let entries = sent_by_default(|| {
        tracing::info!(
            signed = -7_i64,
            unsigned = 42_u64,
            small = 3_u8,
            wide = -(1_i128 << 100),
            float = 12.5,
            not_a_number = f64::NAN,
            flag = true,
            text = "say \"hi\"",
            shown = %Duration::from_secs(1).as_millis(),
            debugged = ?Some("x"),
            absent = tracing::field::Empty,
            http.status = 200,
            r#type = "user",
            bytes = &[0xde_u8, 0xad][..],
            "request {} completed", 7
        );
    });
    assert_eq!(entries[0]["message"], "request 7 completed");
    assert_eq!(
        entries[0]["metadata"],
        json!({
            "signed": -7, "unsigned": 42, "small": 3, "wide": (-(1_i128 << 100)).to_string(), "float": 12.5,
            "not_a_number": "NaN", "flag": true, "text": "say \"hi\"", "shown": "1000", "debugged": "Some(\"x\")",
            "http.status": 200, "type": "user", "bytes": "[de ad]",
        })
    );
}

#[test]
fn the_origin_is_written_once() {
    let memory = Memory::new();
    let (line, work) = (line!() + 1, || {
        tracing::info!("here");
        tracing::info!(target: "audit", file = "mine.txt", "here");
    });
    with_default(tracing_subscriber::registry().with(memory.layer()), work);
    with_default(tracing_subscriber::registry().with(memory.layer().location(false)), work);
    let entries = memory.whole_entries();
    let metadata = |index: usize| {
        let mut metadata = entries[index]["metadata"].clone();
        metadata.as_object_mut().expect("an object").remove("sdk");
        metadata
    };
    assert_eq!(metadata(0), json!({"logger": module_path!(), "file": file!(), "line": line}));
    assert_eq!(
        metadata(1),
        json!({"logger": "audit", "module": module_path!(), "file": "mine.txt", "line": line + 1}),
        "the event's own field wins"
    );
    assert_eq!(metadata(2), json!({"logger": module_path!()}));
}

#[test]
fn levels_are_mapped_and_critical_can_be_said() {
    let log = || {
        tracing::trace!("t");
        tracing::debug!("d");
        tracing::info!("i");
        tracing::warn!("w");
        tracing::error!("e");
        tracing::error!(logtide.critical = true, "c");
        tracing::warn!(logtide.critical = false, "w");
        tracing::warn!(logtide.critical = "very", "w");
        tracing::error!(target: "payments", "p");
    };
    let levels = |entries: Vec<serde_json::Value>| -> Vec<String> {
        entries.iter().map(|entry| entry["level"].as_str().expect("a text").to_owned()).collect()
    };
    let all = |layer: logtide_tracing::Layer| layer.level(LevelFilter::TRACE);
    let entries = sent(all, log);
    assert_eq!(entries[5]["metadata"], json!({}), "it is said once");
    assert_eq!(entries[7]["metadata"], json!({"logtide.critical": "very"}), "only a truth value says it");
    assert_eq!(
        levels(entries),
        ["debug", "debug", "info", "warn", "error", "critical", "warn", "warn", "error"]
    );
    let by_target = |layer: logtide_tracing::Layer| {
        layer
            .level(LevelFilter::TRACE)
            .map_level(|metadata| if metadata.target() == "payments" { Level::Critical } else { Level::Info })
    };
    let panics = |layer: logtide_tracing::Layer| {
        layer.level(LevelFilter::TRACE).map_level(|_| panic!("expected in this test"))
    };
    assert_eq!(levels(sent(panics, log))[..4], ["debug", "debug", "info", "warn"]);
    let entries = levels(sent(by_target, log));
    assert_eq!((&*entries[4], &*entries[5], &*entries[8]), ("info", "critical", "critical"));
}

#[test]
fn an_event_without_a_message_has_its_name() {
    let entries = sent_by_default(|| {
        tracing::info!(name: "user.created", user_id = 42);
        let text = String::from("a text");
        tracing::info!(message = text, user_id = 42);
        tracing::info!(user_id = 42);
    });
    assert_eq!((&entries[0]["message"], &entries[1]["message"]), (&json!("user.created"), &json!("a text")));
    let message = entries[2]["message"].as_str().expect("a text");
    assert!(message.starts_with("event ") && message.contains(file!()), "{message}");
    assert_eq!(entries[2]["metadata"], json!({"user_id": 42}));
}

#[test]
fn limits_redaction_hook_and_scope_apply() {
    let memory = Memory::with_options(|options| {
        options.before_send(|mut entry| {
            assert_eq!(entry.metadata.get("token"), Some(&json!("[REDACTED]")));
            entry.metadata.insert("seen", true);
            (entry.message != "drop").then_some(entry)
        })
    });
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        let _span = tracing::info_span!("span", token = "t").entered();
        memory
            .client
            .with_scope(|scope| scope.set_tag("region", "eu"), || tracing::info!(password = "p", "keep"));
        tracing::info!("drop");
    });
    let entries = memory.entries();
    assert_eq!(entries.len(), 1);
    assert_eq!(
        entries[0]["metadata"],
        json!({
            "password": "[REDACTED]", "token": "[REDACTED]", "spans": ["span"], "tags": {"region": "eu"}, "seen": true
        })
    );
}

#[test]
fn no_field_is_lost_however_many_there_are() {
    struct Place;

    impl Callsite for Place {
        fn set_interest(&self, _: Interest) {}

        fn metadata(&self) -> &Metadata<'_> {
            &METADATA
        }
    }

    static NAMES: [&str; 300] = {
        // Distinct keys, as slices of one string.
        const DIGITS: &str = "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let mut names = [""; 300];
        let mut index = 0;
        while index < 300 {
            let (_, rest) = DIGITS.split_at(index % 60);
            let (name, _) = rest.split_at(1 + index / 60);
            names[index] = name;
            index += 1;
        }
        names
    };
    static PLACE: Place = Place;
    static METADATA: Metadata<'static> = Metadata::new(
        "event",
        "target",
        tracing::Level::INFO,
        None,
        None,
        None,
        FieldSet::new(&NAMES, identify_callsite!(&PLACE)),
        Kind::EVENT,
    );

    let entries = sent_by_default(|| {
        let fields: Vec<_> = METADATA.fields().iter().collect();
        let values: [(&Field, Option<&dyn Value>); 300] =
            std::array::from_fn(|index| (&fields[index], Some(&7_u64 as &dyn Value)));
        Event::dispatch(&METADATA, &METADATA.fields().value_set(&values));
    });
    let metadata = entries[0]["metadata"].as_object().expect("an object");
    let missing: Vec<_> = NAMES.iter().filter(|name| !metadata.contains_key(**name)).collect();
    assert_eq!(missing, [&""; 0]);
}
