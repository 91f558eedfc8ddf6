//! The server's rules, as tables.

use super::*;
use crate::json;

/// Returns an entry with one field set to a JSON text, or left out.
fn entry(field: &str, value: Option<&str>) -> String {
    let mut fields = vec![
        ("time", "\"2026-11-22T09:56:31.342Z\""),
        ("service", "\"probe\""),
        ("level", "\"info\""),
        ("message", "\"hello\""),
    ];
    fields.retain(|(name, _)| *name != field);
    fields.extend(value.map(|value| (field, value)));
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

fn with_batch<T>(body: &str, check: impl FnOnce(Result<Vec<Entry<'_>>, Invalid>) -> T) -> T {
    let value = json::parse(body).expect("valid JSON");
    check(batch(&value, 7))
}

fn accepted(field: &str, value: Option<&str>) -> bool {
    with_batch(&format!("{{\"logs\":[{}]}}", entry(field, value)), |read| read.is_ok())
}

/// Returns a part of the stored form of an entry with one field set.
fn stored<T>(field: &str, value: &str, get: impl FnOnce(&Entry<'_>) -> T) -> T {
    with_batch(&format!("{{\"logs\":[{}]}}", entry(field, Some(value))), |read| {
        get(&read.expect("the entry is accepted")[0])
    })
}

#[test]
fn each_field_takes_what_the_server_takes() {
    let quoted = |text: &str| format!("\"{text}\"");
    let rows: Vec<(&str, Option<String>, bool)> = vec![
        ("time", None, true),
        ("time", Some(quoted("2026-11-22T09:00Z")), true),
        ("time", Some(quoted("2026-11-22T09:00:00+00:00")), false),
        ("time", Some("1763802000".into()), false),
        ("time", Some(quoted("1763802000")), false),
        ("time", Some("null".into()), false),
        ("service", Some(quoted(&"s".repeat(100))), true),
        ("service", Some(quoted(&"😀".repeat(50))), true),
        ("service", Some(quoted(&"😀".repeat(60))), false),
        ("service", Some(quoted(&"s".repeat(101))), false),
        ("service", Some(quoted("")), false),
        ("service", Some("null".into()), false),
        ("service", None, false),
        ("level", Some(quoted("debug")), true),
        ("level", Some(quoted("critical")), true),
        ("level", Some(quoted("trace")), false),
        ("level", Some(quoted("fatal")), false),
        ("level", Some(quoted("warning")), false),
        ("level", Some(quoted("notice")), false),
        ("level", Some(quoted("WARN")), false),
        ("level", Some("50".into()), false),
        ("level", Some("null".into()), false),
        ("level", None, false),
        ("message", Some(quoted(" ")), true),
        ("message", Some(quoted("\\u0000")), true),
        ("message", Some(quoted("")), false),
        ("message", Some("1".into()), false),
        ("message", None, false),
        ("metadata", Some("{}".into()), true),
        ("metadata", Some("{\"a\":null}".into()), true),
        ("metadata", Some("null".into()), false),
        ("metadata", Some("\"a\"".into()), false),
        ("metadata", Some("[]".into()), false),
        ("trace_id", Some(quoted("")), true),
        ("trace_id", Some(quoted("not a hex")), true),
        ("trace_id", Some("null".into()), false),
        ("trace_id", Some("1".into()), false),
        ("span_id", Some(quoted("b7ad6b7169203331")), true),
        ("span_id", Some(quoted("B7AD6B7169203331")), true),
        ("span_id", Some(quoted("0000000000000000")), true),
        ("span_id", Some(quoted("b7ad6b716920333")), false),
        ("span_id", Some(quoted("b7ad6b71692033311")), false),
        ("span_id", Some(quoted("b7ad6b716920333x")), false),
        ("span_id", Some(quoted("")), false),
        ("span_id", Some("null".into()), false),
        ("session_id", Some(quoted("5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f")), true),
        ("session_id", Some(quoted("5F0C6F7E-0C1A-9D0A-0D8E-2C3B4A5D6E7F")), true),
        ("session_id", Some(quoted("00000000-0000-0000-0000-000000000000")), true),
        ("session_id", Some(quoted("5f0c6f7e0c1a4d0a9d8e2c3b4a5d6e7f")), false),
        ("session_id", Some(quoted("")), false),
        ("session_id", Some("null".into()), false),
        ("foo", Some("[1]".into()), true),
        ("traceId", Some("null".into()), true),
        ("spanId", Some("1".into()), true),
    ];
    for (field, value, expected) in rows {
        assert_eq!(accepted(field, value.as_deref()), expected, "{field}: {value:?}");
    }
}

#[test]
fn a_batch_is_an_object_with_1_to_1000_entries() {
    let of = |count: usize| format!("{{\"logs\":[{}]}}", vec![entry("", None); count].join(","));
    for (body, expected) in [
        (of(1), true),
        (of(1000), true),
        (of(0), false),
        (of(1001), false),
        ("{}".into(), false),
        ("null".into(), false),
        ("\"logs\"".into(), false),
        ("{\"logs\":{}}".into(), false),
        ("{\"logs\":[1]}".into(), false),
        (format!("{{\"logs\":[{},{{}}]}}", entry("", None)), false),
        (format!("{{\"foo\":1,\"logs\":[{}]}}", entry("", None)), true),
    ] {
        let shown = &body[..body.len().min(60)];
        assert_eq!(with_batch(&body, |read| read.is_ok()), expected, "{shown}");
    }
}

#[test]
fn values_are_stored_as_the_server_stores_them() {
    let time = with_batch(&format!("{{\"logs\":[{}]}}", entry("time", None)), |read| read.map(|e| e[0].time));
    assert_eq!(time, Ok(7), "an absent time is the server's");
    assert_eq!(stored("time", "\"2026-11-22T09:56:31.3429999Z\"", |e| e.time % 1000), 342);
    assert_eq!(stored("message", r#""a\u0000b""#, |e| e.message.to_string()), "ab");
    assert_eq!(stored("message", r#""\u0000""#, |e| e.message.to_string()), "");
    assert_eq!(
        stored("message", r#""a\ud800""#, |e| (e.message.to_string(), e.storable)),
        ("a\u{fffd}".into(), true)
    );
    assert_eq!(stored("service", r#""a\u0000\udfff""#, |e| e.service.to_string()), "a\u{fffd}");
    assert!(stored("trace_id", "\"\"", |e| e.trace_id.is_none()));
    assert_eq!(
        stored("trace_id", "\"ABC\"", |e| e.trace_id.as_deref().map(String::from)),
        Some("ABC".into())
    );
    for (metadata, back, hostname) in [
        (r#"{"a":18446744073709551615}"#, r#"{"a":18446744073709552000}"#, None),
        (r#"{"a":"x\u0000y"}"#, r#"{"a":"xy"}"#, None),
        (r#"{"a":1,"__proto__":{"b":2}}"#, r#"{"a":1}"#, None),
        (r#"{"host":"h1"}"#, r#"{"host":"h1","hostname":"h1"}"#, Some("h1")),
        (r#"{"hostname":5}"#, r#"{"hostname":5}"#, Some("5")),
    ] {
        let read = stored("metadata", metadata, |e| (e.metadata.clone(), e.hostname.clone(), e.storable));
        assert_eq!(read, (Some(back.into()), hostname.map(String::from), true), "{metadata}");
    }
}

#[test]
fn some_entries_pass_and_cannot_be_stored() {
    for metadata in [
        r#"{"a\u0000":1}"#,
        r#"{"a":{"b\u0000":1}}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"a":["\udc00"]}"#,
        r#"{"\ud800":1}"#,
    ] {
        assert!(!stored("metadata", metadata, |e| e.storable), "{metadata}");
    }
    let mut random = fastrand::Rng::with_seed(1);
    let noise: String = std::iter::repeat_with(|| random.alphanumeric()).take(3_000).collect();
    assert!(!stored("trace_id", &format!("\"{noise}\""), |e| e.storable));
    assert!(!stored("metadata", &format!("{{\"hostname\":\"{noise}\"}}"), |e| e.storable));
    assert!(stored("metadata", &format!("{{\"other\":\"{noise}\"}}"), |e| e.storable));
}
