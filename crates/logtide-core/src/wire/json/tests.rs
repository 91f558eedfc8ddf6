//! The wire form of entries, and the values that are fixed in it.

use serde_json::{Value, json};

use super::*;
use crate::{
    CallSite, Fields, IntoMetadata, PayloadLimits, Redaction, Scope, SpanFields,
    bridge::Origin,
    limits::{MAX_HOSTNAME_BYTES, MAX_TRACE_ID_BYTES},
    record::Head,
};

const NOW: Timestamp = Timestamp::from_micros(1_795_340_191_342_123);

fn encode(entry: &LogEntry) -> Value {
    Json::default().value_of(entry, NOW)
}

fn entry() -> LogEntry {
    LogEntry::new(Level::Info, "api", "hello")
}

fn metadata_in(scope: &Scope, json: &mut Json, metadata: impl IntoMetadata) -> Value {
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&Head::new(Level::Info, "api"));
    fields.metadata(metadata);
    fields.scope(scope);
    let mut entry: Value = serde_json::from_str(&json.text(fields.finish())).unwrap();
    entry["metadata"].take()
}

#[test]
fn a_full_entry() {
    let entry = entry()
        .metadata(json!({"a": 1}))
        .trace_id("0af7651916cd43dd8448eb211c80319c")
        .span_id("b7ad6b7169203331")
        .session_id(uuid::uuid!("5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f"));
    assert_eq!(
        encode(&entry),
        json!({
            "time": "2026-11-22T09:36:31.342123Z", "service": "api", "level": "info", "message": "hello",
            "trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331",
            "session_id": "5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f",
            "metadata": {"a": 1, "sdk": {"name": "logtide-rust", "version": env!("CARGO_PKG_VERSION")}},
        })
    );
}

#[test]
fn a_minimal_entry_has_no_nulls_and_the_stamp_alone() {
    let entry = encode(&entry());
    let keys: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["level", "message", "metadata", "service", "time"]);
    assert_eq!(entry["metadata"].as_object().unwrap().len(), 1);
}

#[test]
fn empty_texts_are_replaced_and_long_services_cut() {
    let entry = encode(&LogEntry::new(Level::Info, "", ""));
    assert_eq!((&entry["service"], &entry["message"]), (&json!("unknown"), &json!("(empty message)")));
    let entry = encode(&LogEntry::new(Level::Info, "😀".repeat(60), " "));
    assert_eq!((&entry["service"], &entry["message"]), (&json!("😀".repeat(50)), &json!(" ")));
}

#[test]
fn ids_that_the_server_refuses_move_to_metadata() {
    let mut bad = entry().span_id("xyz").trace_id("t".repeat(3_000));
    bad.session_id = Some("not-a-uuid".to_owned());
    let bad = encode(&bad);
    assert_eq!(bad.get("span_id"), None);
    assert_eq!(bad.get("session_id"), None);
    assert_eq!(
        (&bad["metadata"]["span_id"], &bad["metadata"]["session_id"]),
        (&json!("xyz"), &json!("not-a-uuid"))
    );
    assert_eq!(bad["trace_id"].as_str().unwrap().len(), MAX_TRACE_ID_BYTES);

    let mut empty = entry().span_id("").trace_id("");
    empty.session_id = Some(String::new());
    assert_eq!(encode(&empty), encode(&entry()));
}

#[test]
fn an_id_is_cut_to_what_is_sent_of_it() {
    let sent = encode(&entry().trace_id("\0".repeat(300)));
    assert_eq!(sent["trace_id"], "\u{fffd}".repeat(MAX_TRACE_ID_BYTES / 3));
    assert_eq!(encode(&entry().trace_id(sent["trace_id"].as_str().unwrap())), sent, "twice is as once");
}

#[test]
fn the_entrys_key_wins_over_the_clients_and_none_is_written_twice() {
    let global: Metadata = [("region", "eu"), ("sdk", "custom")].into_iter().collect();
    let head = Head::new(Level::Info, "api");
    let mut json = Json::default().global_metadata(&global);
    let text = json.text_with(&head, [("region", "us"), ("region", "asia")]);
    assert!(text.ends_with(r#""metadata":{"region":"us","sdk":"custom"}}"#), "{text}");
    let text = json.text_with(&head, (("sdk", "mine"), ("region", 1)));
    assert!(text.ends_with(r#""metadata":{"sdk":"mine","region":1}}"#), "{text}");
    let text = json.text_with(&head, ());
    assert!(text.ends_with(r#""metadata":{"region":"eu","sdk":"custom"}}"#), "{text}");
    let text = json.without_global().text_with(&head, ());
    assert!(text.ends_with(r#""metadata":{}}"#), "{text}");
}

#[test]
fn keys_that_collide_after_mending_are_written_once() {
    let entry = encode(&entry().metadata(json!({"a\0": 1, "a\u{fffd}": 2, "__proto__": 3, "_proto_": 4})));
    assert_eq!(entry["metadata"].as_object().unwrap().len(), 3);
}

#[test]
fn host_names_are_cut_to_what_the_server_indexes() {
    let long = "ä".repeat(2_000);
    let entry = encode(&entry().metadata(json!({"hostname": long, "host": long, "other": long})));
    assert_eq!(entry["metadata"]["hostname"].as_str().unwrap().len(), MAX_HOSTNAME_BYTES);
    assert_eq!(entry["metadata"]["host"].as_str().unwrap().len(), MAX_HOSTNAME_BYTES);
    assert_eq!(entry["metadata"]["other"].as_str().unwrap(), long);
}

#[test]
fn metadata_that_is_no_object_goes_under_value() {
    for (given, expected) in
        [(json!([1, 2]), json!([1, 2])), (json!("text"), json!("text")), (json!(7), json!(7))]
    {
        assert_eq!(encode(&entry().metadata(given))["metadata"]["value"], expected);
    }
    assert_eq!(encode(&entry().metadata(json!(null))), encode(&entry()));
}

#[test]
fn host_names_of_any_type_fit_the_index() {
    let texts: Vec<String> = (0..500).map(|n| format!("host-{n}.example.com")).collect();
    let object: Value =
        texts.iter().map(|text| (text.clone(), json!([text]))).collect::<serde_json::Map<_, _>>().into();
    let values =
        [json!(texts), object, json!([[texts]]), json!({"deep": {"list": texts}}), json!(texts.join("\n"))];
    for value in values {
        let own = encode(&entry().metadata(json!({"hostname": value, "host": value, "other": value})));
        let mut scope = Scope::new();
        scope.set_extra("host", &value);
        scope.set_extra("hostname", &value);
        let scoped = json!({"metadata": metadata_in(&scope, &mut Json::default(), ())});
        let base: Metadata = [("host", &value), ("hostname", &value)].into_iter().collect();
        let global = Json::default().global_metadata(&base).value_of(&entry(), NOW);
        for entry in [&own, &scoped, &global] {
            for key in ["host", "hostname"] {
                let written: &Value = &entry["metadata"][key];
                let size = written.to_string().len();
                assert!((500..=MAX_HOSTNAME_BYTES * 2).contains(&size), "{size}");
                assert_eq!(written.is_array(), value.is_array());
                assert_eq!(written.is_object(), value.is_object());
            }
        }
        assert_eq!(own["metadata"]["other"], value);
    }
    let short = json!({"hostname": {"name": "web-1", "ports": [80, 443]}, "host": 7});
    assert_eq!(encode(&entry().metadata(short.clone()))["metadata"]["hostname"], short["hostname"]);
}

#[test]
fn keys_that_reach_a_prototype_are_renamed_where_servers_refuse_them() {
    let refused = [json!({"prototype": 1}), json!({"a": 1, "prototype": null}), json!(null)];
    for value in &refused {
        let given = json!({
            "constructor": value,
            "deep": [{"constructor": value, "b": 1}],
            "constructor.b": {"constructor": {"constructor": value}},
        });
        let entry = encode(&entry().metadata(given));
        let expected = [
            ("_constructor_", value.clone()),
            ("deep", json!([{"_constructor_": value, "b": 1}])),
            ("constructor.b", json!({"constructor": {"_constructor_": value}})),
        ];
        for (key, expected) in expected {
            assert_eq!(entry["metadata"][key], expected, "{key}");
        }
        assert_eq!(entry["metadata"].get("constructor"), None);
    }
    for value in [json!("Ferrari"), json!({"name": "Ferrari"}), json!([{"prototype": 1}]), json!(1)] {
        let entry = encode(
            &entry().metadata(json!({"constructor": value, "a": {"constructor": value}, "prototype": value})),
        );
        assert_eq!((&entry["metadata"]["constructor"], &entry["metadata"]["prototype"]), (&value, &value));
        assert_eq!(entry["metadata"]["a"]["constructor"], value);
    }
}

#[test]
fn a_prototype_is_renamed_wherever_it_is_accepted() {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Shape {
        Constructor { prototype: u8 },
    }
    let bad = json!({"constructor": {"prototype": 1}, "__proto__": 2});
    let scope = Scope::new().with(|scope| {
        scope.set_tag("__proto__", "x");
        scope.set_extras(bad.clone());
        scope.set_extra("extra", &bad);
        scope.add_breadcrumb(crate::Breadcrumb::new("m").data(bad.clone()));
    });
    let span = |name, fields| {
        let call_site = CallSite::new(Origin::default(), []).span_name(name).register(0x5172_0001);
        SpanFields::new(call_site, Content::unchanged(), fields)
    };
    let [outer, inner] = [span("constructor", json!({"prototype": 1})), span("inner", bad.clone())];
    let mut json = Json::default().global_metadata(&[("base", &bad)].into_iter().collect());
    for nests in [true, false] {
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&Head::new(Level::Info, "api"));
        fields.field("shape", &Shape::Constructor { prototype: 1 });
        fields.metadata(crate::Serialized(Shape::Constructor { prototype: 1 }).with([("own", &bad)]));
        fields.span(&inner, true);
        fields.span(&outer, true);
        if nests {
            fields.nest_spans();
        }
        fields.scope(&scope);
        let text = json.text(fields.finish());
        assert!(serde_json::from_str::<Value>(&text).is_ok());
        assert!(!text.contains("\"__proto__\"") && !text.contains("\"constructor\""), "{text}");
        let expected = 6 + usize::from(nests);
        assert_eq!(text.matches("\"_constructor_\":{\"prototype\":1}").count(), expected, "{text}");
    }
}

#[test]
fn a_serialize_that_breaks_the_rules_of_serde_gives_json_all_the_same() {
    struct Rogue(&'static str);
    impl serde::Serialize for Rogue {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeMap as _;
            let mut map = serializer.serialize_map(None)?;
            for step in self.0.chars() {
                match step {
                    'k' => map.serialize_key("key")?,
                    'v' => map.serialize_value(&json!({"password": 1}))?,
                    _ => map.serialize_entry("entry", &1)?,
                }
            }
            map.end()
        }
    }
    for (steps, expected) in [
        ("", json!({})),
        ("v", json!({})),
        ("k", json!({"key": null})),
        ("kk", json!({"key": null})),
        ("vkvv", json!({"key": {"password": 1}})),
        ("kev", json!({"key": null, "entry": 1})),
    ] {
        let entry =
            encode(&entry().metadata(json!({})).metadata((("first", &Rogue(steps)), ("last", &Rogue("e")))));
        assert_eq!(entry["metadata"]["first"], expected, "{steps}");
        assert_eq!(entry["metadata"]["last"], json!({"entry": 1}), "{steps}");
        let top = encode(&LogEntry::new(Level::Info, "api", "m").metadata(crate::Serialized(Rogue("e"))));
        assert_eq!(top["metadata"]["entry"], 1);
    }
}

#[test]
fn a_thousand_keys_are_all_written() {
    let many: Metadata = (0..1_000).map(|n| (format!("key_{n:04}"), n)).collect();
    assert_eq!(encode(&entry().metadata(&many))["metadata"].as_object().unwrap().len(), 1_001);
}

fn encode_within(limits: &PayloadLimits, metadata: Value) -> Value {
    let content = Content::new(limits, &Redaction::default());
    let mut head = Head::new(Level::Info, "api");
    head.content = &content;
    let global = [("api_key", "lp_base")].into_iter().collect();
    Json::new(content.clone()).global_metadata(&global).metadata_with(&head, metadata)
}

#[test]
fn secrets_are_redacted_at_any_depth() {
    let metadata = encode_within(
        &PayloadLimits::default(),
        json!({"password": "hunter2", "request": {"headers": [{"Authorization": "Bearer x", "accept": "*"}]},
               "cookie": {"a": [1]}, "user": "ada"}),
    );
    assert_eq!(metadata["password"], "[REDACTED]");
    assert_eq!(metadata["request"]["headers"][0], json!({"Authorization": "[REDACTED]", "accept": "*"}));
    assert_eq!((&metadata["cookie"], &metadata["api_key"]), (&json!("[REDACTED]"), &json!("[REDACTED]")));
    assert_eq!(metadata["user"], "ada");
}

#[test]
fn long_texts_excluded_fields_and_data_are_left_out() {
    let limits = PayloadLimits::default().max_field_bytes(200).exclude_fields(["body"]);
    let data = "iVBORw0KGgoAAAANSUhEUgAA".repeat(5);
    let metadata = encode_within(
        &limits,
        json!({"body": {"x": 1}, "page": "a b".repeat(100), "nested": [{"image": data, "body": 1}], "fine": "a b".repeat(60)}),
    );
    assert_eq!(metadata["body"], "[EXCLUDED]");
    assert_eq!(metadata["page"], format!("{}...[TRUNCATED]", &"a b".repeat(100)[..200]));
    assert_eq!(metadata["nested"], json!([{"image": "[BASE64 DATA REMOVED]", "body": "[EXCLUDED]"}]));
    assert_eq!(metadata["fine"], "a b".repeat(60));
}

#[test]
fn texts_that_are_formatted_and_keys_that_are_not_texts_are_limited_too() {
    struct Map;
    impl serde::Serialize for Map {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeMap as _;
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry(&"secret", "x")?;
            map.serialize_entry(&7, &format_args!("{}", "\" ".repeat(100)))?;
            map.end()
        }
    }
    struct Displayed;
    impl IntoMetadata for Displayed {
        fn write_to(self, fields: &mut Fields<'_>) {
            fields.display("shown", "a\nb".repeat(9));
            fields.display("token", 5);
            fields.field("map", &Map);
        }
    }
    let content = Content::new(&PayloadLimits::none().max_field_bytes(10), &Redaction::default());
    let mut head = Head::new(Level::Info, "api");
    for writes_within in [Content::unchanged(), &content] {
        head.content = writes_within;
        assert_eq!(
            Json::new(content.clone()).without_global().metadata_with(&head, Displayed),
            json!({
                "shown": "a\nba\nba\nba...[TRUNCATED]", "token": "[REDACTED]",
                "map": {"secret": "[REDACTED]", "7": "\" \" \" \" \" ...[TRUNCATED]"},
            })
        );
    }
}

/// What is sent of a record with these fields, written at a call site that has their names.
fn sent_from(json: &mut Json, address: usize, fields: &[(&'static str, u32)]) -> String {
    let names = fields.iter().map(|(name, _)| (*name).into());
    let mut head = Head::new(Level::Info, "");
    head.call_site = CallSite::get_or_register(address, |_| true, || CallSite::new(Origin::default(), names));
    let mut writer = RecordWriter::default();
    let mut written = writer.begin(&head);
    written.message("m");
    fields.iter().for_each(|(name, value)| written.field(name, value));
    json.text(written.finish())
}

#[test]
fn the_first_value_of_a_name_is_kept_whatever_the_call_site_knows() {
    for (address, names, sent) in [
        (0x1e57_0001, ["a", "a"], r#""a":1"#),
        (0x1e57_0002, ["__proto__", "_proto_"], r#""_proto_":1"#),
        (0x1e57_0003, ["n\0l", "n\u{fffd}l"], "\"n\u{fffd}l\":1"),
    ] {
        let text = sent_from(&mut Json::default(), address, &[(names[0], 1), (names[1], 2), ("b", 3)]);
        assert!(text.contains(&format!("{{{sent},\"b\":3,\"sdk\"")), "{text}");
    }
}

#[test]
fn what_is_set_between_entries_shows_in_the_next() {
    let mut json = Json::default().service("first");
    assert!(sent_from(&mut json, 0x1e57_0004, &[("a", 1)]).contains("\"first\""));
    let mut json = json.service("second").global_metadata(&Metadata::from_fields([("region", "eu")]));
    let text = sent_from(&mut json, 0x1e57_0004, &[("a", 1)]);
    assert!(text.contains("\"second\"") && text.contains("\"region\":\"eu\""), "{text}");
}
