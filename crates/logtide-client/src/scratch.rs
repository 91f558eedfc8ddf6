//! The encoder of each thread.

use std::{
    cell::RefCell,
    fmt::Display,
    panic::{AssertUnwindSafe, catch_unwind},
};

use logtide_core::{BaseMetadata, Encoder, Head, IntoMetadata};

/// An encoder whose buffer grew beyond this for one large entry is not kept.
const KEPT_BYTES: usize = 64 * 1024;

/// What stands for a message whose `Display` panicked.
const PANICKED_MESSAGE: &str = "(the message panicked while it was formatted)";

/// What `metadata.logtide_error` says when metadata panicked.
const PANICKED_METADATA: &str = "the metadata panicked while it was serialized";

/// Encodes an entry with the thread's own encoder and lends that with the entry in it.
///
/// A panic in the caller's `Display` or `Serialize` costs only what panicked.
pub(crate) fn encode<R>(
    head: &Head<'_>,
    message: impl Display,
    metadata: impl IntoMetadata,
    base: &BaseMetadata,
    take: impl FnOnce(&Encoder) -> R,
) -> R {
    with_encoder(|encoder| {
        let whole = catch_unwind(AssertUnwindSafe(|| encoder.encode(head, &message, metadata, base).len()));
        if whole.is_err() {
            encode_after_panic(encoder, head, &message, base);
        }
        take(encoder)
    })
}

#[cold]
fn encode_after_panic(encoder: &mut Encoder, head: &Head<'_>, message: &impl Display, base: &BaseMetadata) {
    let note = [("logtide_error", PANICKED_METADATA)];
    if catch_unwind(AssertUnwindSafe(|| encoder.encode(head, message, note, base).len())).is_err() {
        encoder.encode(head, PANICKED_MESSAGE, (), base);
    }
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

    use logtide_core::{Level, Timestamp};
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
        let entry = encoded(Panics, [("good", 1)]);
        assert_eq!(entry["message"], PANICKED_MESSAGE);
        assert_eq!(encoded("next", ())["message"], "next");
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
