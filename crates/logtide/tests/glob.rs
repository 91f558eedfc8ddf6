//! `use logtide::*` beside the crates that the SDK connects to.

#![cfg(all(feature = "log", feature = "tracing"))]

// Both names would be ambiguous if the glob brought modules of these names.
use ::log as _;
use log::Level as RecordLevel;
use logtide::*;
use tracing::Level as EventLevel;

#[test]
fn a_glob_import_hides_neither_tracing_nor_log() {
    tracing::info!("an event of the crate");
    log::info!("a record of the crate");
    assert_eq!((EventLevel::INFO.as_str(), RecordLevel::Info.as_str()), ("INFO", "INFO"));
    assert_eq!(Level::Info.as_str(), "info");
}
