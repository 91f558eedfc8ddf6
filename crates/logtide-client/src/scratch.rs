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

/// Encodes an entry with the thread's own encoder and lends its bytes.
///
/// A panic in the caller's `Display` or `Serialize` costs only what panicked.
pub(crate) fn encode<R>(
    head: &Head<'_>,
    message: impl Display,
    metadata: impl IntoMetadata,
    base: &BaseMetadata,
    take: impl FnOnce(&[u8]) -> R,
) -> R {
    with_encoder(|encoder| {
        let whole = catch_unwind(AssertUnwindSafe(|| encoder.encode(head, &message, metadata, base).len()));
        if whole.is_err() {
            encode_after_panic(encoder, head, &message, base);
        }
        take(encoder.encoded())
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
