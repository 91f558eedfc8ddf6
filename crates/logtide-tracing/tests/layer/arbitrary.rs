//! Entries are JSON that reads back, whatever the values are.

use proptest::prelude::*;
use serde_json::Value;
use tracing::{field::Empty, info, info_span, subscriber::with_default};
use tracing_subscriber::prelude::*;

use crate::setup::Memory;

/// Returns a double as it is in entries.
fn float(value: f64) -> Value {
    match serde_json::Number::from_f64(value) {
        Some(number) => Value::Number(number),
        None if value.is_nan() => "NaN".into(),
        None if value > 0.0 => "Infinity".into(),
        None => "-Infinity".into(),
    }
}

/// Returns an integer as it is in entries: beyond 2^53 as a string.
fn integer(value: i128) -> Value {
    match i64::try_from(value) {
        Ok(value) if value.unsigned_abs() <= 1 << 53 => value.into(),
        _ => value.to_string().into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_values_read_back(
        text in ".{0,40}", shown in ".{0,40}", message in ".{1,40}", signed: i64, unsigned: u64, wide: i128,
        number: f64, flag: bool, late in ".{0,20}", bytes in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let memory = Memory::new();
        with_default(tracing_subscriber::registry().with(memory.layer()), || {
            let span = info_span!("span", span.text = text, span.number = number, late = Empty).entered();
            span.record("late", late.as_str());
            info!(
                text, shown = %shown, debugged = ?shown, signed, unsigned, wide, number, flag, bytes = &bytes[..],
                "{message}"
            );
        });
        let entry = memory.entries().remove(0);
        let metadata = &entry["metadata"];
        let clean = |text: &str| Value::from(text.replace('\0', "\u{fffd}"));
        prop_assert_eq!(&entry["message"], &clean(&message));
        prop_assert_eq!(&metadata["text"], &clean(&text));
        prop_assert_eq!(&metadata["shown"], &clean(&shown));
        prop_assert_eq!(&metadata["debugged"], &clean(&format!("{shown:?}")));
        prop_assert_eq!(&metadata["signed"], &integer(signed.into()));
        prop_assert_eq!(&metadata["unsigned"], &integer(unsigned.into()));
        prop_assert_eq!(&metadata["wide"], &integer(wide));
        prop_assert_eq!(&metadata["number"], &float(number));
        prop_assert_eq!(&metadata["flag"], &Value::from(flag));
        prop_assert_eq!(&metadata["span.text"], &clean(&text));
        prop_assert_eq!(&metadata["span.number"], &float(number));
        prop_assert_eq!(&metadata["late"], &clean(&late));
    }
}
