//! What becomes of the items of a record.

use serde_json::{Value, json};

use crate::{
    CallSite, Content, ErrorFormat, ErrorPlace, Fields, Head, IntoMetadata, Json, Level, Metadata,
    PayloadLimits, RecordWriter, Redaction, Scope, SpanFields, bridge::Origin, exception::Link,
};

/// The metadata that a function writes, as text.
fn metadata(
    json: &mut Json,
    call_site: Option<&'static CallSite>,
    write: impl FnOnce(&mut Fields<'_>),
) -> String {
    let mut head = Head::new(Level::Info, "svc");
    head.call_site = call_site;
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head);
    fields.message("m");
    write(&mut fields);
    let text = json.text(fields.finish());
    let start = text.find("\"metadata\":").expect("an entry has metadata") + "\"metadata\":".len();
    text[start..text.len() - 1].to_owned()
}

fn bare() -> Json {
    Json::default().without_global()
}

fn place(address: usize, names: &[&'static str]) -> CallSite {
    let origin =
        Origin { logger: Some("app"), module: Some("app::db"), file: Some("src/db.rs"), line: Some(12) };
    CallSite::new(origin, names.iter().map(|name| (*name).into())).with_notes(address as u64)
}

fn registered(call_site: CallSite) -> &'static CallSite {
    let address = 0x3a1c_0000 + call_site.notes() as usize;
    call_site.register(address).expect("there is room")
}

fn span(name: &'static str, fields: impl IntoMetadata) -> SpanFields {
    SpanFields::new(Some(registered(place(1, &["id"]).span_name(name))), Content::unchanged(), fields)
}

#[test]
fn the_first_value_of_a_name_is_kept_wherever_it_stands() {
    let call_site = registered(place(2, &["a", "b"]));
    let scope = Scope::new().with(|scope| scope.set_extras((("c", 7), ("d", 7), ("e", 7))));
    let mut json = Json::default().global_metadata(&[("e", 8), ("f", 8)].into_iter().collect());
    let mut text = |nests: bool| {
        metadata(&mut json, Some(call_site), |fields| {
            fields.indexed(1, &1);
            fields.field("a", &2);
            fields.indexed(0, &3);
            fields.field("b", &4);
            fields.span(&span("inner", [("b", 5), ("id", 5)]), true);
            fields.span(&span("outer", [("id", 6), ("c", 6)]), true);
            fields.scope(&scope);
            if nests {
                fields.nest_spans();
            }
        })
    };
    let sdk = format!(r#""sdk":{{"name":"logtide-rust","version":"{}"}}"#, env!("CARGO_PKG_VERSION"));
    assert_eq!(text(false), format!(r#"{{"b":1,"a":2,"id":5,"c":6,"d":7,"e":7,"f":8,{sdk}}}"#));
    let nested = r#""inner":{"b":5,"id":5},"outer":{"id":6,"c":6}"#;
    assert_eq!(text(true), format!(r#"{{"b":1,"a":2,{nested},"c":7,"d":7,"e":7,"f":8,{sdk}}}"#));
}

#[test]
fn global_metadata_is_copied_as_it_would_be_written() {
    let global: Metadata =
        Metadata::from_fields((("a", "x,\"y\":"), ("b", [1, 2]), ("sdk", 3), ("token", 4)));
    let mut json = Json::new(Content::default()).global_metadata(&global);
    let mut with =
        |own: &[&str]| metadata(&mut json, None, |fields| own.iter().for_each(|key| fields.field(key, &0)));
    assert_eq!(with(&[]), r#"{"a":"x,\"y\":","b":[1,2],"sdk":3,"token":"[REDACTED]"}"#);
    assert_eq!(with(&["d"]), r#"{"d":0,"a":"x,\"y\":","b":[1,2],"sdk":3,"token":"[REDACTED]"}"#);
    assert_eq!(with(&["b"]), r#"{"b":0,"a":"x,\"y\":","sdk":3,"token":"[REDACTED]"}"#);
    assert_eq!(with(&["sdk", "b", "a", "d"]), r#"{"sdk":0,"b":0,"a":0,"d":0,"token":"[REDACTED]"}"#);
    assert_eq!(metadata(&mut bare(), None, |_| ()), "{}");
}

#[test]
fn names_of_spans_stand_outermost_first_wherever_they_are_asked_for() {
    let spans = [span("inner", ()), span("middle", [("id", 1)]), span("outer", ())];
    for before in 0..=3 {
        for with_fields in [true, false] {
            let text = metadata(&mut bare(), None, |fields| {
                spans[..before].iter().for_each(|span| fields.span(span, with_fields));
                fields.span_names();
                spans[before..].iter().for_each(|span| fields.span(span, with_fields));
            });
            let value: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(value["spans"], json!(["outer", "middle", "inner"]));
            assert_eq!(value.get("id").is_some(), with_fields);
        }
    }
    assert_eq!(metadata(&mut bare(), None, |fields| fields.span_names()), "{}");
}

#[test]
fn a_nested_span_has_an_object_only_where_it_has_fields_and_each_name_once() {
    let text = metadata(&mut bare(), None, |fields| {
        fields.nest_spans();
        fields.span(&span("empty", ()), true);
        fields.span(&span("twice", (("id", 1), ("id", 2), ("x", 3), ("x", 4))), true);
        fields.span(&span("without", [("id", 1)]), false);
        fields.span(&span("twice", [("id", 5)]), true);
        fields.field("id", &6);
    });
    assert_eq!(text, r#"{"twice":{"id":1,"x":3},"id":6}"#);
}

#[test]
fn fields_of_a_span_without_a_call_site_are_kept() {
    let text = metadata(&mut bare(), None, |fields| {
        fields.nest_spans();
        fields.span(&SpanFields::new(None, Content::unchanged(), [("id", 1)]), true);
        fields.span_names();
    });
    assert_eq!(text, r#"{"id":1}"#);
}

#[test]
fn a_nested_span_with_the_name_of_a_host_is_cut_to_what_the_server_indexes() {
    let long = span("host", (("z", "z ".repeat(300)), ("a", "a ".repeat(300))));
    let short = span("hostname", (("z", 1), ("a", 2)));
    let text = metadata(&mut bare(), None, |fields| {
        fields.nest_spans();
        fields.span(&long, true);
        fields.span(&short, true);
    });
    let value: Value = serde_json::from_str(&text).unwrap();
    let size = value["host"].to_string().len();
    assert!((900..=1_024).contains(&size), "{size}");
    assert!(text.ends_with(r#""hostname":{"z":1,"a":2}}"#), "{text}");
}

#[test]
fn the_origin_of_a_call_site_is_written_once_with_its_place_or_without() {
    let call_site = registered(place(3, &[]));
    let mut same = place(4, &[]);
    same.origin.module = same.origin.logger;
    let same = registered(same);
    let mut json = bare();
    for _ in 0..2 {
        let mut with = |call_site, with_place, own: &[&str]| {
            metadata(&mut json, call_site, |fields| {
                own.iter().for_each(|key| fields.field(key, &0));
                fields.origin(with_place);
            })
        };
        let whole = r#""module":"app::db","file":"src/db.rs","line":12}"#;
        assert_eq!(with(Some(call_site), true, &[]), format!(r#"{{"logger":"app",{whole}"#));
        assert_eq!(with(Some(call_site), true, &["x"]), format!(r#"{{"x":0,"logger":"app",{whole}"#));
        assert_eq!(with(Some(call_site), true, &["logger"]), format!(r#"{{"logger":0,{whole}"#));
        assert_eq!(with(Some(call_site), false, &[]), r#"{"logger":"app"}"#);
        assert_eq!(with(Some(same), true, &[]), r#"{"logger":"app","file":"src/db.rs","line":12}"#);
        assert_eq!(with(None, true, &[]), "{}");
    }
    let content = Content::new(&PayloadLimits::none().exclude_fields(["file"]), &Redaction::off());
    let text = metadata(&mut Json::new(content).without_global(), Some(same), |fields| fields.origin(true));
    assert_eq!(text, r#"{"logger":"app","file":"[EXCLUDED]","line":12}"#);
}

#[test]
fn a_final_record_is_sent_as_it_is() {
    let limits = PayloadLimits::none().max_field_bytes(5).exclude_fields(["name"]);
    let global = [("region", "eu")].into_iter().collect();
    let mut json = Json::new(Content::new(&limits, &Redaction::default()))
        .global_metadata(&global)
        .error_format(ErrorFormat::Error);
    let call_site = registered(place(5, &["password"]));
    let given = json!({
        "token": "a long text", "deep": [{"password": 1}], "a\0": u64::MAX,
        "error": {"name": "E", "message": "m", "stack": "E: m"},
        "exception": {"type": "E", "message": "m", "language": "rust"},
    });
    let text = metadata(&mut json, Some(call_site), |fields| {
        fields.indexed(0, &1);
        fields.metadata(Metadata::from_fields(given.clone()));
        fields.origin(false);
        fields.set_final();
    });
    let mut expected = given;
    expected["password"] = json!(1);
    expected["logger"] = json!("app");
    expected.as_object_mut().unwrap().remove("a\0");
    expected["a\u{fffd}"] = json!(u64::MAX.to_string());
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        expected,
        "only what the server rejects is fixed"
    );
}

/// An error in both forms, changed so that it is not just what the SDK writes.
fn pair() -> Value {
    json!({
        "error": {"name": "E", "message": "m", "stack": "E: m\n    at app::load", "code": 7},
        "exception": {"type": "E", "message": "m", "language": "rust", "raw": "E: m"},
    })
}

#[test]
fn fields_that_are_an_error_in_both_forms_follow_the_format() {
    for (format, keys) in [
        (ErrorFormat::Both, &["error", "exception"][..]),
        (ErrorFormat::Error, &["error"]),
        (ErrorFormat::Exception, &["exception"]),
    ] {
        let mut json = bare().error_format(format);
        for own in [pair(), json!({"error": "mine", "exception": {"language": "rust"}})] {
            let is_pair = own["error"].is_object();
            let value: Value =
                serde_json::from_str(&metadata(&mut json, None, |fields| fields.metadata(own))).unwrap();
            let written: Vec<_> = value.as_object().unwrap().keys().collect();
            assert_eq!(written, if is_pair { keys } else { &["error", "exception"] });
        }
    }
}

#[test]
fn a_stack_that_repeats_an_excluded_field_is_left_out_of_such_an_error_too() {
    for excluded in ["message", "function"] {
        let content = Content::new(&PayloadLimits::none().exclude_fields([excluded]), &Redaction::off());
        let text = metadata(&mut Json::new(content), None, |fields| fields.metadata(pair()));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&value["error"]["stack"], &value["error"]["code"]), (&json!("[EXCLUDED]"), &json!(7)));
    }
}

#[test]
fn an_error_of_a_span_is_reported_where_the_span_is_made() {
    let error = "x".parse::<u8>().unwrap_err();
    for nests in [true, false] {
        let text = metadata(&mut bare(), None, |fields| {
            fields.span(&span("work", &error), true);
            if nests {
                fields.nest_spans();
            }
        });
        let value: Value = serde_json::from_str(&text).unwrap();
        let of_span = if nests { &value["work"] } else { &value };
        assert_eq!(of_span["exception"]["stacktrace"], json!([{"file": "src/db.rs", "line": 12}]));
        assert_eq!(
            of_span["error"]["stack"],
            "ParseIntError: invalid digit found in string\n    at src/db.rs:12"
        );
    }
}

#[test]
fn a_chain_of_errors_ends_where_it_is_nested_too_deep() {
    let links: Vec<Link> = (0..300).map(|number| Link::new("E".to_owned(), number)).collect();
    let text = metadata(&mut bare(), None, |fields| fields.links(&links, ErrorPlace::Unknown));
    let value: Value = serde_json::from_str(&text).expect("it is not too deep to be read");
    let (mut deepest, mut depth) = (&value["exception"], 0);
    while let Some(cause) = deepest.get("cause") {
        (deepest, depth) = (cause, depth + 1);
    }
    assert_eq!((deepest, depth), (&json!("[nested too deep]"), 101));
    assert!(value["error"]["stack"].as_str().unwrap().ends_with("\ncaused by: 299"), "all are in the text");
}
