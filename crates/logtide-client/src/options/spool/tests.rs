//! Valid and invalid spool options.

use super::*;
use crate::Client;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn options() -> ClientOptions {
    ClientOptions::new("http://localhost:8080", "lp_key")
}

fn in_spool() -> ClientOptions {
    options().spool("spool")
}

#[test]
fn without_a_directory_there_is_no_spool() {
    assert_eq!(options().spool_max_files(7).spool_options(), None);
    assert_eq!(in_spool().spool_options(), Some(SpoolOptions::default()));
}

#[test]
fn options_are_those_of_the_pipeline() {
    let options = in_spool().spool_max_bytes(1 << 20).spool_max_files(2).spool_max_age(DAY);
    for (durability, write_after) in [
        (Durability::Always, Some(Duration::ZERO)),
        (Durability::Every(DAY), Some(DAY)),
        (Durability::Never, None),
    ] {
        let set = options.clone().durability(durability).spool_options().unwrap();
        assert_eq!((set.max_bytes, set.max_files, set.max_age), (1 << 20, 2, DAY));
        assert_eq!(set.write_after, write_after);
    }
}

#[test]
fn every_range_is_checked() {
    for (wrong, name) in [
        (in_spool().spool_max_bytes((1 << 20) - 1), "spool_max_bytes"),
        (in_spool().spool_max_files(1), "spool_max_files"),
        (in_spool().spool_max_age(Duration::from_millis(999)), "spool_max_age"),
        (in_spool().spool_max_age(Duration::MAX), "spool_max_age"),
        (in_spool().durability(Durability::Every(Duration::ZERO)), "durability Every"),
        (in_spool().durability(Durability::Every(2 * DAY)), "durability Every"),
    ] {
        let message = wrong.check().unwrap_err().to_string();
        assert!(message.contains(name) && message.contains("use a"), "{message}");
    }
    let works = in_spool().spool_max_bytes(1 << 20).spool_max_files(2).spool_max_age(Duration::from_secs(1));
    assert!(works.durability(Durability::Every(Duration::from_millis(1))).check().is_ok());
}

#[test]
fn a_durability_without_a_spool_is_refused() {
    for durability in [Durability::Always, Durability::default(), Durability::Never] {
        let message = Client::new(options().durability(durability)).unwrap_err().to_string();
        assert!(message.contains("LOGTIDE_SPOOL"), "{message}");
    }
}

#[test]
fn debug_shows_the_spool() {
    let message = format!("{:?}", in_spool().durability(Durability::Always));
    assert!(
        message.contains("spool: Some(\"spool\"), durability: Always, spool_max_bytes: 1073741824"),
        "{message}"
    );
}
