//! Errors in the form of OpenTelemetry's semantic conventions.

use std::io;

use logtide_core::RecordWriter;
use logtide_otlp::{Compression, Logs, Resource, Target};
use serde_json::{Map, Value, json};

use crate::{
    decode,
    setup::{body, head, limited_json, logs},
};

fn attributes(wire: &mut Logs, write: impl FnOnce(&mut logtide_core::Fields<'_>)) -> Map<String, Value> {
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head("api"));
    write(&mut fields);
    decode::fields(&decode::log(&body(wire, fields.finish())).attributes)
}

#[test]
fn an_error_is_told_in_both_forms() {
    let error = io::Error::other("no connection");
    let fields = attributes(&mut logs(Target::LogTide), |fields| fields.error(&error));
    assert_eq!(fields["exception"]["message"], "no connection");
    assert_eq!(fields["exception.type"], fields["exception"]["type"]);
    assert_eq!(fields["exception.message"], "no connection");
    assert_eq!(fields["exception.stacktrace"], fields["error"]["stack"]);
}

#[test]
fn fields_of_the_application_win() {
    let error = io::Error::other("no connection");
    let fields = attributes(&mut logs(Target::LogTide), |fields| {
        fields.field("exception.type", "Mine");
        fields.error(&error);
    });
    assert_eq!(fields["exception.type"], "Mine");
    assert_eq!(fields["exception.message"], "no connection");
}

#[test]
fn one_error_says_nothing_of_the_next_entry() {
    let mut wire = logs(Target::LogTide);
    let error = io::Error::other("no connection");
    attributes(&mut wire, |fields| fields.error(&error));
    assert_eq!(
        attributes(&mut wire, |fields| fields.field("a", &1)),
        Map::from_iter([("a".into(), json!(1))])
    );
}

#[test]
fn only_an_exception_with_a_type_is_one() {
    for value in
        [json!("text"), json!({"message": "m"}), json!([{"type": "T"}]), json!({"in": {"type": "T"}})]
    {
        let fields = attributes(&mut logs(Target::LogTide), |fields| fields.field("exception", &value));
        assert_eq!(fields, Map::from_iter([("exception".into(), value)]));
    }
}

#[test]
fn texts_of_an_error_are_limited_in_both_forms() {
    let mut wire = Logs::new(limited_json(), Resource::new(), Target::LogTide, Compression::None);
    let value = json!({"type": "T", "message": "x".repeat(20_000)});
    let fields = attributes(&mut wire, |fields| fields.field("exception", &value));
    assert_eq!(fields["exception.message"], fields["exception"]["message"]);
    assert!(fields["exception.message"].as_str().unwrap().len() < 20_000);
}
