//! Fuzz targets: all decoders of external bytes, and of the records that the SDK keeps.
//!
//! A target is a function that takes any bytes and panics if an invariant is broken. The programs of `tests/fuzz` pass input of
//! libFuzzer to these functions, and the `it` binary replays the files of `tests/fuzz/corpus`.

mod answer;
mod dsn;
mod record;
mod retry_after;
mod sse;
mod traceparent;

pub use self::{
    answer::answer, dsn::dsn, record::record, retry_after::retry_after, sse::sse, traceparent::traceparent,
};

/// Decodes any bytes and panics if an invariant is broken.
pub type Target = fn(&[u8]);

/// All targets, by the names of their programs and of the folders of their corpora.
pub const TARGETS: [(&str, Target); 6] = [
    ("answer", answer),
    ("dsn", dsn),
    ("record", record),
    ("retry_after", retry_after),
    ("sse", sse),
    ("traceparent", traceparent),
];
