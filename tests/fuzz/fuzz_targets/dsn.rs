//! Any text as a DSN.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| logtide_tests::fuzz::dsn(bytes));
