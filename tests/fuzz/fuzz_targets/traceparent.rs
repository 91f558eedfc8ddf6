//! Any text as a `traceparent` header.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| logtide_tests::fuzz::traceparent(bytes));
