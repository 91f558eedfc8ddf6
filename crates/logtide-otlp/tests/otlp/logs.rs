//! The parts of a request around the entries.

use logtide_core::{Json, LogEntry, Metadata, RecordWriter, Timestamp, Wire as _};
use logtide_otlp::{Compression, Logs, Resource, Target};
use serde_json::json;

use crate::{
    decode,
    setup::{TARGETS, body, logs, write},
};

#[test]
fn the_resource_tells_service_sdk_and_what_the_application_adds() {
    let resource = Resource::new()
        .attribute("service.version", "1.2.2")
        .attribute("service.version", "1.2.3")
        .attribute("host\0name", "a\0b")
        .attribute("service.name", "another");
    let mut wire = Logs::new(Json::default(), resource, Target::LogTide, Compression::None);
    let mut body = Vec::new();
    write(&mut wire, "api", "m", &mut body);
    wire.end(&mut body);
    let request = decode::logs(&body);
    let of_service = &request.resource_logs[0];
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        json!(decode::fields(&of_service.resource.as_ref().unwrap().attributes)),
        json!({
            "service.name": "api", "telemetry.sdk.name": "logtide-rust", "telemetry.sdk.language": "rust",
            "telemetry.sdk.version": version, "service.version": "1.2.3", "host\u{fffd}name": "a\u{fffd}b",
        })
    );
    let scope = of_service.scope_logs[0].scope.as_ref().unwrap();
    assert_eq!((&*scope.name, &*scope.version), ("logtide-rust", version));
}

#[test]
fn entries_without_a_service_have_the_one_of_the_json_wire() {
    let mut wire =
        Logs::new(Json::default().service("worker"), Resource::new(), Target::LogTide, Compression::None);
    let mut request = Vec::new();
    write(&mut wire, "", "m", &mut request);
    wire.end(&mut request);
    assert_eq!(decode::messages(&request)[0].0, "worker");
    let mut request = Vec::new();
    write(&mut logs(Target::LogTide), "", "", &mut request);
    logs(Target::LogTide).end(&mut request);
    assert_eq!(decode::messages(&request), [("unknown".to_owned(), vec!["(empty message)".to_owned()])]);
}

#[test]
fn global_metadata_is_on_each_entry_and_the_stamp_on_none() {
    let global: Metadata = [("environment", "staging")].into_iter().collect();
    let of = |global: &Metadata| {
        let json = Json::default().global_metadata(global);
        let mut wire = Logs::new(json, Resource::new(), Target::LogTide, Compression::None);
        let entry = LogEntry::new(logtide_core::Level::Info, "api", "m");
        let mut writer = RecordWriter::default();
        let record = entry.record(&mut writer, Timestamp::from_micros(1));
        json!(decode::fields(&decode::log(&body(&mut wire, record)).attributes))
    };
    assert_eq!(of(&global), json!({"environment": "staging"}));
    // An entry in the form that it has after a hook of the application.
    let sent = Json::default().entry(
        LogEntry::new(logtide_core::Level::Info, "api", "m")
            .record(&mut RecordWriter::default(), Timestamp::from_micros(1)),
    );
    assert!(sent.metadata.contains_key("sdk"));
    let mut writer = RecordWriter::default();
    let record = sent.record(&mut writer, Timestamp::from_micros(1));
    assert!(decode::log(&body(&mut logs(Target::LogTide), record)).attributes.is_empty());
    let own: Metadata = [("sdk", "of the application")].into_iter().collect();
    assert_eq!(of(&own), json!({"sdk": "of the application"}));
}

#[test]
fn paths_and_headers_are_those_of_the_target() {
    let paths = TARGETS.map(|target| (logs(target).path(), crate::setup::spans(target).path()));
    assert_eq!(paths, [("/v1/otlp/logs", "/v1/otlp/traces"), ("/v1/logs", "/v1/traces")]);
    let wire = logs(Target::LogTide);
    assert_eq!((wire.content_type(), wire.content_encoding()), ("application/x-protobuf", None));
    let wire = Logs::new(Json::default(), Resource::new(), Target::LogTide, Compression::default());
    assert_eq!(wire.content_encoding(), Some("gzip"));
}
