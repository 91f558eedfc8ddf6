//! Any text as a `Retry-After` header.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| logtide_tests::fuzz::retry_after(bytes));
