//! Any bytes as an event stream.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| logtide_tests::fuzz::sse(bytes));
