//! Any bytes as what a server, or something that took its place, answers.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| logtide_tests::fuzz::answer(bytes));
