//! Parsing lines.

use chrono::DateTime;
use logtide::{Level, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{super::parsed::Parsed, *};

fn time(text: &str) -> Option<Timestamp> {
    Some(DateTime::parse_from_rfc3339(text).expect("it is a time").into())
}

fn auto(line: &str) -> Parsed<'_> {
    Format::Auto.structured(line, Zone::Unknown).unwrap_or_else(|| plain(line, Zone::Unknown))
}

fn metadata(parsed: &Parsed<'_>) -> Value {
    parsed
        .fields
        .iter()
        .map(|(key, value)| (key.to_string(), serde_json::to_value(value).expect("it is JSON")))
        .collect()
}

#[test]
fn the_parts_of_an_entry_are_found_in_json_under_their_usual_names() {
    for line in [
        r#"{"level":"warn","message":"m","time":"2026-11-27T04:46:01.5Z","trace_id":"t","span_id":"s","n":1}"#,
        r#"{"lvl":"WARNING","msg":"m","ts":1795754761.5,"traceId":"t","spanId":"s","n":1}"#,
        r#"{"severity":"Warn","msg":"m","timestamp":1795754761500,"trace.id":"t","span.id":"s","n":1}"#,
        r#"{"log.level":"warn","message":"m","@timestamp":"2026-11-27T06:46:01,500+02:00","TraceId":"t","SpanID":"s","n":1}"#,
        r#"{"level":40,"msg":"m","time":"1795754761500","traceid":"t","spanid":"s","n":1}"#,
        r#"{"SeverityNumber":13,"Body":"m","Timestamp":1795754761500000000,"TraceId":"t","SpanId":"s","n":1}"#,
        r#"level=warn msg=m time=2026-11-27T04:46:01.5Z trace_id=t span_id=s n=1"#,
    ] {
        let parsed = auto(line);
        assert_eq!(parsed.level, Some(Level::Warn), "{line}");
        assert_eq!(parsed.message.as_deref(), Some("m"), "{line}");
        assert_eq!(parsed.time, time("2026-11-27T04:46:01.500Z"), "{line}");
        assert_eq!((parsed.trace_id.as_deref(), parsed.span_id.as_deref()), (Some("t"), Some("s")), "{line}");
        assert_eq!(metadata(&parsed), json!({"n": 1}), "{line}");
    }
}

#[test]
fn what_is_not_understood_stays_as_metadata() {
    let line = r#"{"level":"loud","time":"yesterday","msg":"a","message":"b","session_id":"x","trace_id":7,
        "big":123456789012345678901234567890,"f":0.1,"list":[1,{"a":null}],"text":"\u00e4\n","no":false,"-":-1}"#;
    let parsed = auto(line);
    assert_eq!((parsed.level, parsed.time, parsed.message.as_deref()), (None, None, Some("a")));
    let expected = json!({
        "level": "loud", "time": "yesterday", "message": "b", "session_id": "x", "trace_id": 7,
        "big": "123456789012345678901234567890", "f": 0.1, "list": [1, {"a": null}], "text": "ä\n", "no": false, "-": -1,
    });
    assert_eq!(metadata(&parsed), expected);
}

#[test]
fn json_without_a_message_has_none_and_other_json_is_text() {
    assert_eq!(auto(r#"{"event":"login","user":"u"}"#).message.as_deref(), Some("login"));
    let parsed = auto(r#"{"user":"u"}"#);
    assert_eq!((parsed.message.as_deref(), metadata(&parsed)), (None, json!({"user": "u"})));
    for line in ["[1,2]", "{broken", "\"text\"", "42", "{\"a\":1} and more"] {
        assert_eq!(auto(line).message.as_deref(), Some(line));
    }
}

#[test]
fn logfmt_is_known_by_its_names_and_anything_else_with_equals_is_text() {
    let parsed =
        auto(r#"ts=1795754761 level=error msg="it \"broke\" = so" port=80 version=1.10 ok=true err="#);
    assert_eq!((parsed.level, parsed.message.as_deref()), (Some(Level::Error), Some("it \"broke\" = so")));
    assert_eq!(metadata(&parsed), json!({"port": 80, "version": "1.10", "ok": true, "err": ""}));
    for line in ["a=1 b=2", "level=info", "set level=info and msg=x", "msg=\"open", "x = 1 level = 2"] {
        assert_eq!(auto(line).message.as_deref(), Some(line), "{line}");
    }
    let forced = Format::Logfmt.structured("a=1 b=2", Zone::Unknown).expect("they are pairs");
    assert_eq!(metadata(&forced), json!({"a": 1, "b": 2}));
}

#[test]
fn the_level_of_a_text_is_read_where_it_stands_as_such() {
    for (line, level) in [
        ("[ERROR] it broke", Some(Level::Error)),
        ("WARN: slow", Some(Level::Warn)),
        ("error: no such file", Some(Level::Error)),
        ("warning[E0001]: unused", None),
        ("ERROR:root:boom", Some(Level::Error)),
        ("2026-11-27 04:46:01,123 [main] INFO com.shop.Cart - added", Some(Level::Info)),
        ("2026-11-27T04:46:01Z DEBUG tick", Some(Level::Debug)),
        ("Nov 27 04:46:01 host app[12]: ERROR foo", Some(Level::Error)),
        ("\u{1b}[31mERROR\u{1b}[0m red", Some(Level::Error)),
        ("E1127 04:46:01.123456       1 main.go:3] klog", Some(Level::Error)),
        ("<3>from a daemon", Some(Level::Error)),
        ("npm ERR! code 1", Some(Level::Error)),
        ("<critical> stop", Some(Level::Critical)),
        ("panic: runtime error: index out of range", Some(Level::Critical)),
        ("thread 'main' panicked at src/main.rs:2:5:\nboom", Some(Level::Critical)),
        ("Traceback (most recent call last):\n  File \"x.py\"", Some(Level::Error)),
        ("Exception in thread \"main\" java.lang.Error: x\n\tat A.b(A.java:1)", Some(Level::Error)),
        ("the error was small, the debug info large", None),
        ("no errors found", None),
        ("Log in to continue", None),
        ("", None),
    ] {
        let parsed = plain(line, Zone::Unknown);
        assert_eq!((parsed.level, parsed.message.as_deref()), (level, Some(line)), "{line}");
    }
}

#[test]
fn a_time_is_read_where_it_is_certain() {
    for (line, expected) in [
        ("2026-11-27T04:46:01.25Z up", "2026-11-27T04:46:01.25Z"),
        ("[2026-11-27 04:46:01 +0100] up", "2026-11-27T03:46:01Z"),
        ("2026/11/27 04:46:01 UTC up", "2026-11-27T04:46:01Z"),
        ("2026-11-27T04:46:01.123456789-07:30 up", "2026-11-27T12:16:01.123456Z"),
    ] {
        assert_eq!(plain(line, Zone::Unknown).time, time(expected), "{line}");
    }
    for line in [
        "2026-11-27 04:46:01 up",
        "2026-13-27T04:46:01Z",
        "2026-11-27T24:46:01Z",
        "at 2026-11-27T04:46:01Z",
        "2026-11-27T04:46:01Zulu",
        "2026-11-27",
        "12345678901234567890",
    ] {
        assert_eq!(plain(line, Zone::Unknown).time, None, "{line}");
    }
    let zone = "+02:00".parse().expect("it is a zone");
    assert_eq!(plain("2026-11-27 04:46:01,5 up", zone).time, time("2026-11-27T02:46:01.5Z"));
    assert!("+02:00x".parse::<Zone>().is_err() && "CET".parse::<Zone>().is_err());
}

proptest! {
    #[test]
    fn no_text_is_lost_and_nothing_panics(line in "\\PC{0,80}", zone in prop_oneof![Just(Zone::Unknown), Just(Zone::Local), Just(Zone::Fixed(3_600))]) {
        let parsed = plain(&line, zone);
        prop_assert_eq!(parsed.message.as_deref(), Some(line.as_str()));
        for format in [Format::Auto, Format::Json, Format::Logfmt] {
            format.structured(&line, zone);
        }
    }

    #[test]
    fn lines_that_nearly_are_something_do_not_panic(line in "[\\[\\]{}\":,=\\\\ \u{1b}a-eä0-9TZ<>+.-]{0,60}") {
        auto(&line);
        plain(&line, Zone::Fixed(0));
    }

    #[test]
    fn every_field_of_an_object_is_found_again(
        object in prop::collection::btree_map("[a-z ä\"\\\\]{1,9}x", prop_oneof![
            any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from), any::<u64>().prop_map(Value::from),
            "\\PC{0,9}".prop_map(Value::from), Just(json!([1, {"a": "b"}])), Just(Value::Null),
        ], 0..6),
    ) {
        let line = serde_json::to_string(&object).expect("it is JSON");
        prop_assert_eq!(metadata(&auto(&line)), serde_json::to_value(&object).expect("it is JSON"));
    }

    #[test]
    fn every_pair_of_logfmt_is_found_again(pairs in prop::collection::vec(("[a-z]{1,5}_x", "[^\\x00-\\x1f\u{7f}-\u{9f}]{0,9}"), 1..5)) {
        let line: String = pairs.iter().map(|(key, value)| format!("{key}={} ", serde_json::to_string(value).expect("it is JSON"))).collect();
        let parsed = Format::Logfmt.structured(&line, Zone::Unknown).expect("they are pairs");
        let found: Vec<_> = parsed.fields.iter().map(|(key, value)| (key.to_string(), value.as_text().unwrap_or_default().to_owned())).collect();
        prop_assert_eq!(found, pairs);
    }
}
