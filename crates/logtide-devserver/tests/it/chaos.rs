//! Faults as a client experiences them.

mod otlp;

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use logtide_devserver::{DevServer, Fault, Target};
use serde_json::json;

use crate::client::{Client, DEADLINE, batch, numbered};

fn statuses(server: &DevServer) -> Vec<Option<u16>> {
    server.requests().ingest.iter().map(|request| request.status).collect()
}

#[test]
fn a_status_comes_as_often_as_asked() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    server.chaos(Fault::Status(503)).next(2);
    assert_eq!(client.get("/api/v1/logs").status, 200, "reads are not meant");
    assert_eq!([(); 3].map(|()| client.ingest(&numbered(2)).status), [503, 503, 200]);
    assert_eq!(server.stored_count(), 2);
    let seen: Vec<_> = server.requests().ingest.iter().map(|seen| (seen.status, seen.entries)).collect();
    assert_eq!(seen, [(Some(503), 2), (Some(503), 2), (Some(200), 2)]);
}

#[test]
fn reads_fail_where_they_are_meant() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    server.chaos(Fault::Status(500)).on(Target::Reads).always();
    assert_eq!(client.ingest(&numbered(1)).status, 200);
    assert_eq!(client.get("/api/v1/logs").status, 500);
    assert_eq!(client.get("/health").status, 200);
    server.clear_chaos();
    assert_eq!(client.get("/api/v1/logs").status, 200);
}

#[test]
fn the_two_kinds_of_429_differ_by_retry_after() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    server.chaos(Fault::RateLimited { retry_after: Duration::from_secs(7) }).next(1);
    let limited = client.ingest(&numbered(1));
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("7")));
    assert_eq!(
        (limited.header("x-ratelimit-remaining"), limited.header("x-ratelimit-reset")),
        (Some("0"), Some("7"))
    );
    server.chaos(Fault::QuotaExceeded).next(1);
    let quota = client.ingest(&numbered(1));
    assert_eq!((quota.status, quota.header("retry-after")), (429, None));
    assert!(quota.header("x-ratelimit-limit").is_some());
    assert_eq!(quota.json()["code"], "capability.ingestion.max_events_monthly.exceeded");
}

#[test]
fn a_reset_stores_nothing() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Reset).next(1);
    let error = Client::new(&server).try_ingest(&numbered(1)).expect_err("no answer comes");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!((server.stored_count(), statuses(&server)), (0, vec![None]));
}

#[test]
fn a_reset_after_storing_makes_a_duplicate_of_a_retry() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::StoreThenReset).next(1);
    let error = Client::new(&server).try_ingest(&numbered(1)).expect_err("no answer comes");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(Client::new(&server).ingest(&numbered(1)).status, 200);
    assert_eq!((server.stored_count(), server.requests().unanswered), (2, 1));
    assert_eq!(server.requests().ingest[0].entries, 1);
}

#[test]
fn a_hanging_request_ends_when_the_faults_are_cleared() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Hang).always();
    let mut client = Client::new(&server);
    std::thread::scope(|scope| {
        let hanging = scope.spawn(|| client.try_ingest(&numbered(1)));
        assert!(server.wait_for_requests(1, DEADLINE));
        server.clear_chaos();
        let error = hanging.join().expect("no panic").expect_err("no answer comes");
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "not the client's own deadline");
    });
    assert_eq!(server.stored_count(), 0);
}

#[test]
fn a_slow_answer_is_still_an_answer() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Slow(Duration::from_millis(60))).next(1);
    let start = Instant::now();
    assert_eq!(Client::new(&server).ingest(&numbered(1)).status, 200);
    assert!(start.elapsed() >= Duration::from_millis(60));
}

#[test]
fn a_client_that_does_not_wait_has_its_entries_stored_all_the_same() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Slow(Duration::from_millis(100))).next(1);
    let mut client = Client::new(&server);
    client.send(&numbered(2)).expect("the request is sent");
    drop(client);
    assert!(server.wait_for_stored(2, DEADLINE));
    assert!(server.wait_for_requests(1, DEADLINE));
    assert_eq!(statuses(&server), [Some(200)]);
}

#[test]
fn a_connection_closes_without_a_word() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::CloseAfterAnswer).next(1);
    let mut client = Client::new(&server);
    let answer = client.ingest(&numbered(1));
    assert_eq!((answer.status, answer.header("connection")), (200, Some("keep-alive")));
    let error = client.line().expect_err("the server closes");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof, "an end, not a reset");
}

#[test]
fn messages_decide_about_their_batch() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    server.chaos(Fault::RejectMessage("poison".into())).always();
    server.chaos(Fault::InsertFails("silent".into())).always();
    for (message, status, received) in
        [("a poison b", 400, json!(null)), ("silent", 200, json!(0)), ("fine", 200, json!(2))]
    {
        let answer = client.ingest(&batch(&[json!({}), json!({"message": message})]));
        assert_eq!((answer.status, &answer.json()["received"]), (status, &received), "{message}");
    }
    assert_eq!(server.stored_count(), 2);
}

#[test]
fn a_proxy_refuses_large_bodies() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::RefuseOver(1_000_000)).always();
    let body = batch(&[json!({"message": "x".repeat(1_000_000)})]);
    assert_eq!(Client::new(&server).ingest(&body).status, 413);
    assert_eq!(Client::new(&server).ingest(&numbered(10)).status, 200);
}

#[test]
fn the_server_stops_in_time_while_requests_hang() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Hang).always();
    let (address, key) = (server.address(), server.api_key().to_owned());
    std::thread::scope(|scope| {
        let hanging = scope.spawn(|| Client::with_key(address, Some(&key)).try_ingest(&numbered(1)));
        assert!(server.wait_for_requests(1, DEADLINE));
        let start = Instant::now();
        drop(server);
        assert!(start.elapsed() < Duration::from_secs(5));
        assert!(hanging.join().expect("no panic").is_err());
    });
    std::net::TcpStream::connect(address).expect_err("the port is closed");
}
