//! Tests of the values that are fixed.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use proptest::prelude::*;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Value, json};

use super::{
    super::{
        keys::Keys,
        sink::{JsonText, Tree},
    },
    *,
};
use crate::record;

fn text(value: &(impl Serialize + ?Sized)) -> String {
    let mut written = Vec::new();
    record::write_value(&mut written, 0, Content::unchanged(), value);
    let value = record::Value::first(&written).expect("there is always a value");
    let (mut out, mut keys) = (Vec::new(), [Keys::default(), Keys::default()]);
    write_value(&mut JsonText::new(&mut out, &mut keys), Content::unchanged(), 0, value);
    let text = String::from_utf8(out).unwrap();
    let mut tree = Tree::default();
    write_value(&mut tree, Content::unchanged(), 0, value);
    assert_eq!(tree.into_value(), serde_json::from_str::<Value>(&text).unwrap(), "both sinks have the same");
    text
}

#[test]
fn integers_beyond_two_to_the_53_are_strings() {
    assert_eq!(text(&(MAX_EXACT_INTEGER - 1)), "9007199254740991");
    assert_eq!(text(&MAX_EXACT_INTEGER), "9007199254740992");
    assert_eq!(text(&(MAX_EXACT_INTEGER + 1)), "\"9007199254740993\"");
    assert_eq!(text(&u64::MAX), "\"18446744073709551615\"");
    assert_eq!(text(&i64::MIN), "\"-9223372036854775808\"");
    assert_eq!(text(&-1i8), "-1");
    assert_eq!(text(&u128::MAX), "\"340282366920938463463374607431768211455\"");
}

#[test]
fn floats_that_json_lacks_are_strings() {
    assert_eq!(
        text(&[1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
        r#"[1.5,"NaN","Infinity","-Infinity"]"#
    );
    assert_eq!(text(&0.1f32), "0.1");
}

#[test]
fn shapes_of_serde() {
    #[derive(Serialize)]
    enum Shape {
        Unit,
        Newtype(u8),
        Tuple(u8, u8),
        Struct { a: u8, b: Option<u8> },
    }
    assert_eq!(
        text(&[Shape::Unit, Shape::Newtype(1), Shape::Tuple(1, 2), Shape::Struct { a: 1, b: None }]),
        r#"["Unit",{"Newtype":1},{"Tuple":[1,2]},{"Struct":{"a":1,"b":null}}]"#
    );
    assert_eq!(text(&((), 'x', true, b"ab".as_slice())), r#"[null,"x",true,[97,98]]"#);
}

#[test]
fn keys_become_texts_the_server_takes() {
    assert_eq!(text(&BTreeMap::from([((1, 2), "x")])), r#"{"[1,2]":"x"}"#);
    assert_eq!(text(&BTreeMap::from([(7, "x")])), r#"{"7":"x"}"#);
    assert_eq!(text(&json!({"__proto__": 1})), r#"{"_proto_":1}"#);
    assert_eq!(text(&json!({"a\0b": "\0"})), "{\"a\u{fffd}b\":\"\u{fffd}\"}");
}

#[test]
fn a_cycle_ends_at_the_bound() {
    struct Node(RefCell<Option<Rc<Self>>>);
    impl Serialize for Node {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("self", &self.0.borrow().as_deref())?;
            map.end()
        }
    }
    let node = Rc::new(Node(RefCell::new(None)));
    *node.0.borrow_mut() = Some(Rc::clone(&node));
    let written = text(&*node);
    node.0.borrow_mut().take();
    assert_eq!(written.matches("self").count(), MAX_METADATA_DEPTH);
    assert!(written.contains(TOO_DEEP));
    serde_json::from_str::<Value>(&written).unwrap();
}

#[test]
fn an_error_costs_only_the_value_it_is_in() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("half", &1)?;
            Err(serde::ser::Error::custom("poisoned"))
        }
    }
    #[derive(Serialize)]
    struct Whole {
        good: u8,
        bad: Broken,
        last: u8,
    }
    assert_eq!(
        text(&Whole { good: 1, bad: Broken, last: 2 }),
        r#"{"good":1,"bad":"[not serializable: poisoned]","last":2}"#
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// What a value is expected to read back as.
fn fixed(value: &Value) -> Value {
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(n), _) if n > MAX_EXACT_INTEGER => n.to_string().into(),
            (None, Some(n)) if n.unsigned_abs() > MAX_EXACT_INTEGER => n.to_string().into(),
            _ => value.clone(),
        },
        Value::String(text) => text.replace('\0', "\u{fffd}").into(),
        Value::Array(items) => items.iter().map(fixed).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.replace('\0', "\u{fffd}"), fixed(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

proptest! {
    #[test]
    fn any_json_reads_back_fixed(value in any_json()) {
        let back: Value = serde_json::from_str(&text(&value)).unwrap();
        prop_assert_eq!(back, fixed(&value));
    }
}

#[test]
fn numbers_of_arbitrary_precision_stay_exact() {
    #[derive(Serialize)]
    #[serde(rename = "$serde_json::private::Number")]
    struct Number {
        #[serde(rename = "$serde_json::private::Number")]
        text: &'static str,
    }
    for (digits, expected) in [
        ("12", "12"),
        ("-1.5e3", "-1.5e3"),
        ("18446744073709551615", r#""18446744073709551615""#),
        ("340282366920938463463374607431768211456000", r#""340282366920938463463374607431768211456000""#),
        ("1e400", r#""1e400""#),
        ("+1", r#""+1""#),
        (".5", r#"".5""#),
        (" 1", r#"" 1""#),
        ("inf", r#""inf""#),
    ] {
        assert_eq!(text(&Number { text: digits }), expected);
    }
}

#[test]
fn raw_json_is_fixed_like_any_other() {
    #[derive(Serialize)]
    #[serde(rename = "$serde_json::private::RawValue")]
    struct Raw {
        #[serde(rename = "$serde_json::private::RawValue")]
        text: &'static str,
    }
    assert_eq!(
        text(&Raw { text: r#"{"a\u0000b": 18446744073709551615}"# }),
        "{\"a\u{fffd}b\":\"18446744073709551615\"}"
    );
    assert!(text(&Raw { text: "{" }).starts_with("\"[not serializable: "));
}

#[test]
fn what_nests_deeper_than_anything_that_is_written_ends_too() {
    // Objects inside each other, each the only value of the one around it.
    let mut nested = vec![0];
    for _ in 0..10_000 {
        let length = (nested.len() as u32 + 2).to_le_bytes();
        nested.splice(0..0, [&[0x10][..], &length, &[0x0c, 0]].concat());
    }
    let value = record::Value::first(&nested).unwrap();
    let (mut out, mut keys) = (Vec::new(), [Keys::default(), Keys::default()]);
    write_value(&mut JsonText::new(&mut out, &mut keys), Content::unchanged(), 1, value);
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.matches('{').count(), MAX_DEPTH - 1);
    assert!(text.contains(TOO_DEEP) && serde_json::from_str::<Value>(&text).is_ok());
}
