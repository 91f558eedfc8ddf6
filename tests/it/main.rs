//! Scenarios across the crates of the SDK, one module each.

mod answers;
mod backlog;
mod backtraces;
mod buffer;
mod collector;
mod conformance;
mod connections;
mod crash;
mod delivered_secrets;
mod environment;
mod exactly_once;
#[cfg(unix)]
mod exit;
mod faults;
mod flush_and_close;
#[cfg(target_os = "linux")]
mod fork;
mod fuzz_corpora;
mod global;
mod identities;
mod options_table;
mod order;
mod panic_frames;
mod poison;
mod python_names;
mod reading;
#[cfg(target_os = "linux")]
mod resources;
mod secrecy;
mod simulation;
#[cfg(target_os = "linux")]
mod soak;
mod spool;
mod store;
mod tail;
mod testing;
mod worker;
mod worker_panics;
