//! Any bytes as a record that waits to be sent.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| logtide_tests::fuzz::record(bytes));
