//! What comes back of what the encoder writes.

use std::collections::{BTreeMap, HashMap};

use logtide_core::Metadata;
use proptest::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::*;

fn record(metadata: &Value) -> LogRecord {
    let record = json!({"id": "1", "time": "2026-11-22T09:58:34Z", "service": "s", "level": "info",
        "message": "m", "metadata": metadata});
    serde_json::from_value(record).unwrap()
}

/// What comes back of a value that was logged under the key `value`.
fn logged<T: Serialize>(value: T) -> LogRecord {
    record(&Metadata::from_fields([("value", value)]).into_map().into())
}

fn read_back<T: Serialize + DeserializeOwned>(value: T) -> T {
    logged(value).get("value").unwrap().unwrap()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    id: u64,
    lines: Vec<(i128, f64)>,
    kind: Kind,
    totals: BTreeMap<u32, Option<u64>>,
    note: Option<Note>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Plain,
    Sized { width: u64 },
    Pair(u64, String),
    One(u64),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Note(String);

#[test]
fn integers_beyond_a_double_come_back_exact() {
    assert_eq!(read_back(u64::MAX), u64::MAX);
    assert_eq!(read_back(i64::MIN), i64::MIN);
    assert_eq!(read_back(i128::MIN), i128::MIN);
    assert_eq!(read_back(u128::MAX), u128::MAX);
    assert_eq!(read_back(7_u8), 7);
}

#[test]
fn floats_that_json_does_not_have_come_back() {
    assert!(read_back(f64::NAN).is_nan());
    assert!(read_back(f32::NAN).is_nan());
    assert_eq!(read_back(f64::INFINITY), f64::INFINITY);
    assert_eq!(read_back(f32::NEG_INFINITY), f32::NEG_INFINITY);
    let others = record(&json!({"a": "inf", "b": "-inf", "c": 3}));
    assert_eq!(others.get::<f64>("a").unwrap(), Some(f64::INFINITY));
    assert_eq!(others.get::<f64>("b").unwrap(), Some(f64::NEG_INFINITY));
    assert_eq!(others.get::<f64>("c").unwrap(), Some(3.0));
}

#[test]
fn nested_values_come_back_too() {
    for kind in [
        Kind::Plain,
        Kind::Sized { width: u64::MAX },
        Kind::Pair(u64::MAX, "b".to_owned()),
        Kind::One(u64::MAX),
    ] {
        let order = Order {
            id: u64::MAX,
            lines: vec![(i128::MAX, f64::INFINITY), (1, 0.5)],
            kind,
            totals: [(7, Some(u64::MAX)), (8, None)].into(),
            note: Some(Note("12".to_owned())),
        };
        let record = logged(&order);
        assert_eq!(record.get::<Order>("value").unwrap().unwrap(), order);
        #[derive(Deserialize)]
        struct Whole {
            value: Order,
        }
        assert_eq!(record.metadata_as::<Whole>().unwrap().value, order);
    }
}

#[test]
fn texts_stay_texts_where_no_number_is_asked_for() {
    let record = record(&json!({"id": "18446744073709551615"}));
    assert_eq!(record.get::<&str>("id").unwrap(), Some("18446744073709551615"));
    assert_eq!(record.get::<String>("id").unwrap().as_deref(), Some("18446744073709551615"));
    assert_eq!(record.get::<Value>("id").unwrap(), Some(json!("18446744073709551615")));
}

#[test]
fn absent_and_null_are_none_and_another_type_is_an_error() {
    let record = record(&json!({"null": null, "text": "eighty", "list": [1, 2]}));
    assert_eq!(record.get::<u16>("absent").unwrap(), None);
    assert_eq!(record.get::<u16>("null").unwrap(), None);
    assert_eq!(record.get::<Option<u16>>("null").unwrap(), None);
    let error = record.get::<u16>("text").unwrap_err();
    assert!(error.to_string().starts_with("the metadata `text` is not what was asked for"), "{error}");
    assert!(error.to_string().contains("eighty"), "{error}");
    assert!(record.get::<(u8,)>("list").is_err());
    let error = record.metadata_as::<HashMap<String, u16>>().unwrap_err();
    assert_eq!(error.key, None);
    assert!(error.to_string().starts_with("the metadata is not"), "{error}");
}

proptest! {
    #[test]
    fn every_number_that_the_sdk_writes_comes_back(integer: i128, unsigned: u64, signed: i64, float: f64) {
        prop_assert_eq!(read_back(integer), integer);
        prop_assert_eq!(read_back(unsigned), unsigned);
        prop_assert_eq!(read_back(signed), signed);
        let back = read_back(float);
        prop_assert!(back == float || (back.is_nan() && float.is_nan()), "{} {}", back, float);
    }
}
