//! What is fuzzed: every reader of bytes that the SDK did not write itself, and of the records that it keeps.
//!
//! A target is a function that takes any bytes and panics when a promise is broken. The programs of `tests/fuzz` feed
//! these functions what libFuzzer makes up, and the `it` binary replays the files of `tests/fuzz/corpus`.

mod answer;
mod dsn;
mod record;
mod retry_after;
mod sse;
mod traceparent;

pub use self::{
    answer::answer, dsn::dsn, record::record, retry_after::retry_after, sse::sse, traceparent::traceparent,
};

/// Reads any bytes and panics when a promise is broken.
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
