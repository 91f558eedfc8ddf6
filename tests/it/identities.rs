//! Copies of an entry differ from similar entries, and entries of one moment can be ordered.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime},
};

use log::Log as _;
use logtide_client::Client;
use logtide_core::LogEntry;
use logtide_devserver::{DevServer, Fault};
use logtide_log::Logger;
use logtide_tests::setup::{TIMEOUT, client, options_for, wait_until};
use serde_json::Value;
use tracing::{info, info_span, subscriber::with_default};
use tracing_subscriber::layer::SubscriberExt as _;

const ENTRIES: u64 = 40;

/// Returns the stored entries by the ids that the client gave.
fn stored_by_id(server: &DevServer) -> BTreeMap<String, Vec<Value>> {
    let mut stored = BTreeMap::<_, Vec<_>>::new();
    for entry in server.stored() {
        let metadata = entry.metadata.expect("an entry has metadata");
        let id = metadata["event_id"].as_str().expect("an entry has an id").to_owned();
        stored.entry(id).or_default().push(metadata);
    }
    stored
}

/// Logs the same entry repeatedly.
fn log_alike(client: &Client) {
    (0..ENTRIES).for_each(|_| client.info("svc", "they are alike", ()));
}

#[test]
fn a_batch_that_is_stored_twice_after_a_timeout_has_each_id_twice() {
    let server = DevServer::start().expect("the server starts");
    // It stores the batch after the client has disconnected.
    server.chaos(Fault::Slow(Duration::from_secs(1))).next(1);
    let options = options_for(&server).event_ids(true).sequence_numbers(true);
    let client = client(options.request_timeout(Duration::from_millis(300)).max_retries(50));
    log_alike(&client);
    let report = client.flush_blocking(TIMEOUT);
    assert_eq!(report.delivered, ENTRIES, "{report}");
    wait_until("the first request is stored too", || server.stored().len() as u64 >= 2 * ENTRIES);
    assert!(client.metrics().retries >= 1);

    let by_id = stored_by_id(&server);
    assert_eq!(by_id.len() as u64, ENTRIES, "entries that are alike have ids of their own");
    assert!(by_id.values().all(|copies| copies.len() >= 2 && copies.iter().all(|copy| *copy == copies[0])));
    let numbers: BTreeSet<u64> = by_id.values().filter_map(|copies| copies[0]["seq"].as_u64()).collect();
    assert!(numbers.into_iter().eq(1..=ENTRIES));
}

#[test]
fn ids_stay_when_a_batch_is_divided_and_sent_again() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::StoreThenReset).next(1);
    server.chaos(Fault::RefuseOver(2_000)).always();
    let client = client(options_for(&server).event_ids(true).sequence_numbers(true).max_retries(50));
    log_alike(&client);
    let report = client.flush_blocking(TIMEOUT);
    assert!(report.is_complete(), "{report}");
    assert!(server.requests().total > 3, "the batch was divided");
    let by_id = stored_by_id(&server);
    assert_eq!(by_id.len() as u64, ENTRIES);
    assert!(by_id.values().all(|copies| copies.len() == 2 && copies[0] == copies[1]));
}

#[test]
fn entries_of_one_moment_are_put_in_order_whichever_way_they_were_logged() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).event_ids(true).sequence_numbers(true).service("svc"));
    let moment = SystemTime::now();
    let logger = Logger::new(&client);
    let record = |at: u64| {
        let pairs = [("at", at)];
        let mut record = log::Record::builder();
        logger.log(
            &record.target("app").level(log::Level::Info).key_values(&pairs).args(format_args!("m")).build(),
        );
    };
    with_default(tracing_subscriber::registry().with(logtide_tracing::layer(&client)), || {
        for at in (1..=ENTRIES).step_by(4) {
            client.log(
                LogEntry::new(logtide_core::Level::Info, "svc", "m").time(moment).metadata([("at", at)]),
            );
            info!(at = at + 1, "m");
            info_span!("span", request_id = 7).in_scope(|| info!(at = at + 2, "m"));
            record(at + 3);
        }
    });
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let by_id = stored_by_id(&server);
    assert_eq!(by_id.len() as u64, ENTRIES);
    assert!(by_id.values().flatten().all(|metadata| metadata["seq"] == metadata["at"]), "{by_id:?}");
}
