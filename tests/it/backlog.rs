//! A backlog is sent in large requests.

use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::stored_ids,
    setup::{TIMEOUT, client, options_for},
};

#[test]
fn a_backlog_leaves_in_requests_of_at_most_a_thousand_entries() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::RateLimited { retry_after: std::time::Duration::from_secs(1) }).next(1);
    let client = client(options_for(&server));
    // The first request hits the rate limit, and the rest accumulates until it is over.
    client.info("svc", "hello", [("id", 0_u64)]);
    client.flush_blocking(std::time::Duration::from_millis(1));
    assert!(server.wait_for_requests(1, TIMEOUT));
    for id in 1..=2_500_u64 {
        client.info("svc", "hello", [("id", id)]);
    }
    let report = client.flush_blocking(TIMEOUT);
    assert!(report.is_complete(), "{report}");
    let requests: Vec<usize> = server.requests().ingest.iter().map(|request| request.entries).collect();
    assert_eq!(requests, [1, 1, 1_000, 1_000, 500]);
    assert!(stored_ids(&server).into_iter().eq(0..=2_500), "the order is that of the calls");
}
