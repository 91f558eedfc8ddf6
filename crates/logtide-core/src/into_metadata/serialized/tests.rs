//! What values of all kinds give.

use std::collections::BTreeMap;

use serde::{Serializer, ser::SerializeMap as _};
use serde_json::{Value, json};

use super::*;
use crate::{Content, Head, Json, Level, Metadata, PayloadLimits, Redaction};

fn fields(value: impl Serialize) -> Value {
    serde_json::to_value(Metadata::from_fields(Serialized(value))).unwrap()
}

#[test]
fn numbers_keep_their_types_and_move_nothing() {
    #[derive(Serialize)]
    struct Numbers {
        nan: f64,
        least: f32,
        tenth: f32,
        large: u128,
        small: i128,
        max: u64,
        plain: u8,
        nested: Vec<f32>,
    }
    let numbers = Numbers {
        nan: f64::NAN,
        least: f32::NEG_INFINITY,
        tenth: 0.1,
        large: u128::MAX,
        small: -1,
        max: u64::MAX,
        plain: 7,
        nested: vec![0.1, f32::NAN],
    };
    let expected = json!({
        "nan": "NaN", "least": "-Infinity", "tenth": 0.1, "large": u128::MAX.to_string(), "small": -1,
        "max": u64::MAX.to_string(), "plain": 7, "nested": [0.1, "NaN"],
    });
    assert_eq!(fields(&numbers), expected);
    assert_eq!(fields(0.1_f32), json!({"value": 0.1}));
    assert_eq!(fields(f64::NAN), json!({"value": "NaN"}));
    assert_eq!(fields(BTreeMap::from([(u128::MAX, 0.1_f32)])), json!({u128::MAX.to_string(): 0.1}));
}

#[test]
fn fields_come_from_maps_structs_and_variants_alone() {
    #[derive(Serialize)]
    enum Shape {
        Unit,
        Newtype(u8),
        Tuple(u8, f32),
        #[serde(rename = "a:b \"c\"")]
        Struct {
            a: u8,
        },
    }
    #[derive(Serialize)]
    struct Newtype<T>(T);
    #[derive(Serialize)]
    struct Flat {
        own: u8,
        #[serde(flatten)]
        rest: BTreeMap<&'static str, u8>,
    }
    assert_eq!(fields(Shape::Unit), json!({"value": "Unit"}));
    assert_eq!(fields(Shape::Newtype(1)), json!({"Newtype": 1}));
    assert_eq!(fields(Shape::Tuple(1, 0.1)), json!({"Tuple": [1, 0.1]}));
    assert_eq!(fields(Shape::Struct { a: 1 }), json!({"a:b \"c\"": {"a": 1}}));
    assert_eq!(fields(Some(Newtype(Some(Shape::Newtype(1))))), json!({"Newtype": 1}));
    assert_eq!(fields(Flat { own: 1, rest: BTreeMap::from([("more", 2)]) }), json!({"own": 1, "more": 2}));
    assert_eq!(fields(BTreeMap::from([((1, 2), "x")])), json!({"[1,2]": "x"}));
    for nothing in [fields(()), fields(None::<u8>), fields(json!(null))] {
        assert_eq!(nothing, json!({}));
    }
    for (other, expected) in [
        (fields("text"), json!("text")),
        (fields('x'), json!("x")),
        (fields([1, 2]), json!([1, 2])),
        (fields((1, "a")), json!([1, "a"])),
        (fields(std::net::Ipv4Addr::LOCALHOST), json!("127.0.0.1")),
    ] {
        assert_eq!(other, json!({"value": expected}));
    }
}

#[test]
fn json_as_text_gives_the_fields_of_the_text() {
    let raw = |text: &str| serde_json::value::RawValue::from_string(text.to_owned()).unwrap();
    assert_eq!(fields(raw(r#"{"a": 1}"#)), json!({"a": 1}));
    assert_eq!(fields(raw("[1]")), json!({"value": [1]}));
}

#[test]
fn a_failure_costs_what_follows_it() {
    struct Fails;
    impl Serialize for Fails {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("first", &1)?;
            Err(serde::ser::Error::custom("poisoned"))
        }
    }
    assert_eq!(fields(Fails), json!({"first": 1, "value": "[not serializable: poisoned]"}));
}

#[test]
fn secrets_and_limits_hold_for_each_field() {
    #[derive(Serialize)]
    struct Login {
        password: &'static str,
        page: String,
    }
    #[derive(Serialize)]
    enum Credentials {
        Token { value: &'static str },
        Passwords(&'static str, &'static str),
        Kept { secret: &'static str },
    }
    let content = Content::new(&PayloadLimits::default().max_field_bytes(10), &Redaction::default());
    let mut head = Head::new(Level::Info, "svc");
    head.content = &content;
    let mut json = Json::new(content.clone());
    let login = Login { password: "hunter2", page: "x".repeat(50) };
    let text = json.text_with(&head, Serialized(&login));
    assert!(text.contains("xxxxxxxxxx...[TRUNCATED]") && !text.contains("hunter2"), "{text}");
    for credentials in [
        Credentials::Token { value: "hunter2" },
        Credentials::Passwords("hunter2", "hunter2"),
        Credentials::Kept { secret: "hunter2" },
    ] {
        let text = json.text_with(&head, Serialized(&credentials));
        assert!(text.contains("[REDACTED]") && !text.contains("hunter2"), "{text}");
        let text = json.text_with(&head, [("list", [&credentials])]);
        assert!(text.contains("[REDACTED]") && !text.contains("hunter2"), "{text}");
    }
}
