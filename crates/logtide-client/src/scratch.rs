//! The encoder of each thread.

use std::{cell::RefCell, fmt::Display};

use logtide_core::{BaseMetadata, Encoder, Head, IntoMetadata};

use crate::unwind;

/// An encoder whose buffer grew beyond this for one large entry is not kept.
const KEPT_BYTES: usize = 64 * 1024;

/// What `metadata.logtide_error` says when metadata panicked.
const PANICKED_METADATA: &str = "the metadata panicked while it was serialized";

/// Encodes an entry with the thread's own encoder and lends that with the entry in it.
///
/// A panic in the caller's `Serialize` costs the metadata; one in its `Display` ends a text, whatever it is a part of.
pub(crate) fn encode<R>(
    head: &Head<'_>,
    message: impl Display,
    metadata: impl IntoMetadata,
    base: &BaseMetadata,
    take: impl FnOnce(&Encoder) -> R,
) -> R {
    with_encoder(|encoder| {
        let whole = unwind::catch(|| encoder.encode(head, &message, metadata, base).len());
        if whole.is_none() {
            encoder.encode(head, &message, [("logtide_error", PANICKED_METADATA)], base);
        }
        take(encoder)
    })
}

fn with_encoder<R>(work: impl FnOnce(&mut Encoder) -> R) -> R {
    thread_local! {
        static ENCODER: RefCell<Encoder> = RefCell::default();
    }
    let mut work = Some(work);
    let mut run = |encoder: &mut Encoder| work.take().map(|work| work(encoder));
    // The thread's encoder is taken when a message or metadata logs itself, and gone while the thread ends.
    let done = ENCODER.try_with(|cell| {
        let mut encoder = cell.try_borrow_mut().ok()?;
        let result = run(&mut encoder);
        if encoder.capacity() > KEPT_BYTES {
            *encoder = Encoder::default();
        }
        result
    });
    match done {
        Ok(Some(result)) => result,
        _ => run(&mut Encoder::default()).expect("the work is taken only where its result is returned"),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use logtide_core::{Displayed, Field, Level, Timestamp};
    use serde_json::{Value, json};

    use super::*;

    fn encoded(message: impl Display, metadata: impl IntoMetadata) -> Value {
        let head = Head::new(Timestamp::from_micros(0), Level::Info, "svc");
        let base = BaseMetadata::default();
        encode(&head, message, metadata, &base, |encoder| serde_json::from_slice(encoder.encoded()).unwrap())
    }

    struct Panics;

    impl Display for Panics {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("expected in this test")
        }
    }

    impl serde::Serialize for Panics {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            panic!("expected in this test")
        }
    }

    #[test]
    fn a_panic_costs_only_what_panicked() {
        let entry = encoded("hello", [("bad", Panics)]);
        assert_eq!(
            (&entry["message"], &entry["metadata"]["logtide_error"]),
            (&json!("hello"), &json!(PANICKED_METADATA))
        );
        let entry = encoded(Panics, (("good", json!(1)), ("bad", json!(0))));
        assert_eq!(
            (&entry["message"], &entry["metadata"]["good"]),
            (&json!("(panicked while it was formatted)"), &json!(1))
        );
        let entry = encoded("hello", Field("bad", &Displayed(Panics)).with(Field("good", &1)));
        assert_eq!(
            (&entry["metadata"]["bad"], &entry["metadata"]["good"]),
            (&json!("(panicked while it was formatted)"), &json!(1))
        );
        assert_eq!(encoded("next", ())["message"], "next");
    }

    /// Panics with what panics in turn when it is dropped.
    struct PanicsTwice;

    struct Again;

    impl Drop for Again {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                std::panic::panic_any(Self);
            }
        }
    }

    impl Display for PanicsTwice {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            std::panic::panic_any(Again)
        }
    }

    impl serde::Serialize for PanicsTwice {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            std::panic::panic_any(Again)
        }
    }

    #[test]
    fn a_panic_that_panics_when_it_is_dropped_costs_no_more() {
        assert_eq!(encoded("hello", [("bad", PanicsTwice)])["metadata"]["logtide_error"], PANICKED_METADATA);
        assert_eq!(encoded(PanicsTwice, ())["message"], "(panicked while it was formatted)");
    }

    #[test]
    fn a_message_may_log_while_it_is_formatted() {
        struct Logs;
        impl Display for Logs {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let inner = encoded("inner", ());
                write!(formatter, "outer with {}", inner["message"].as_str().unwrap())
            }
        }
        assert_eq!(encoded(Logs, ())["message"], "outer with inner");
    }

    #[test]
    fn a_buffer_that_grew_for_one_entry_is_not_kept() {
        encoded("x".repeat(10 * KEPT_BYTES), ());
        with_encoder(|encoder| assert!(encoder.capacity() <= KEPT_BYTES));
    }
}
