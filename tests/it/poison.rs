//! An invalid entry does not affect others.

use logtide_core::DropReason;
use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::assert_stored_once,
    setup::{TIMEOUT, client, options_for},
};

#[test]
fn an_entry_that_the_server_answers_with_400() {
    one_poison_entry_among_a_thousand(Fault::RejectMessage("poison".to_owned()), 0);
    one_poison_entry_among_a_thousand(Fault::RejectMessage("poison".to_owned()), 637);
}

#[test]
fn an_entry_that_the_server_swallows_with_its_batch() {
    one_poison_entry_among_a_thousand(Fault::InsertFails("poison".to_owned()), 637);
    one_poison_entry_among_a_thousand(Fault::InsertFails("poison".to_owned()), 999);
}

fn one_poison_entry_among_a_thousand(fault: Fault, poison: u64) {
    let server = DevServer::start().expect("the server starts");
    server.chaos(fault).always();
    let client = client(options_for(&server).batch_size(1_000));
    for id in 0..1_000_u64 {
        client.info("svc", if id == poison { "poison" } else { "good" }, [("id", id)]);
    }
    let report = client.flush_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost, report.pending), (999, 1, 0));
    assert_stored_once(&server, (0..1_000).filter(|id| *id != poison));
    let metrics = client.metrics();
    assert_eq!((metrics.dropped_for(DropReason::Rejected), metrics.logs_dropped), (1, 1));
    assert_eq!(metrics.retries, 0, "a refusal is not retried");
    // Splitting a thousand takes ten rounds of two requests.
    assert!(server.requests().total <= 21, "{} requests", server.requests().total);
}
