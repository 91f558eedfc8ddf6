//! What happens when the buffer is full.

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use logtide_client::{Client, ClientOptions, DropPolicy};
use logtide_core::DropReason;
use logtide_tests::{
    entries,
    scripted::{ScriptedServer, Step},
    setup::{NEVER, TIMEOUT, client, memory_client, options, wait_until},
};
use logtide_transport::{MemoryTransport, Reply};

fn small(policy: DropPolicy) -> ClientOptions {
    options("http://localhost").max_buffer_size(5).batch_size(1_000).drop_policy(policy)
}

fn log(client: &Client, ids: std::ops::Range<u64>) {
    for id in ids {
        client.info("svc", "hello", [("id", id)]);
    }
}

fn sent(transport: &MemoryTransport) -> Vec<u64> {
    transport.requests().iter().flat_map(|request| entries::ids(&entries::of_body(&request.body))).collect()
}

#[test]
fn the_newest_are_dropped_by_default() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, small(DropPolicy::Newest));
    log(&client, 0..8);
    assert_eq!(client.flush_blocking(TIMEOUT).delivered, 5);
    assert_eq!(sent(&transport), [0, 1, 2, 3, 4]);
    assert_eq!(client.metrics().dropped_for(DropReason::BufferFull), 3);
}

#[test]
fn the_oldest_are_dropped_when_told_so() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, small(DropPolicy::Oldest));
    log(&client, 0..8);
    client.flush_blocking(TIMEOUT);
    assert_eq!(sent(&transport), [3, 4, 5, 6, 7]);
    let metrics = client.metrics();
    assert_eq!((metrics.dropped_for(DropReason::BufferFull), metrics.logs_sent), (3, 5));
}

#[test]
fn a_burst_that_the_worker_cannot_follow_keeps_its_newest() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, small(DropPolicy::Oldest));
    log(&client, 0..1_000);
    client.flush_blocking(TIMEOUT);
    assert_eq!(sent(&transport), [995, 996, 997, 998, 999]);
    let metrics = client.metrics();
    assert_eq!(
        (metrics.logged, metrics.dropped_for(DropReason::BufferFull), metrics.logs_sent),
        (1_000, 995, 5)
    );
}

#[test]
fn the_oldest_under_way_are_not_dropped() {
    let server = ScriptedServer::start([Step::Hang]);
    let options = options(&server.url())
        .max_buffer_size(4)
        .batch_size(2)
        .drop_policy(DropPolicy::Oldest)
        .request_timeout(Duration::from_millis(400));
    let client = client(options);
    log(&client, 0..2);
    let _ = server.wait_for_requests(1);
    log(&client, 2..8);
    assert!(client.flush_blocking(TIMEOUT).pending == 0);
    let requests = server.requests();
    let sent: Vec<_> = requests.iter().map(|request| entries::ids(&request.entries())).collect();
    assert_eq!(sent, [vec![0, 1], vec![0, 1], vec![6, 7]]);
}

#[test]
fn a_caller_that_may_wait_waits_and_then_the_entry_is_dropped() {
    let transport = MemoryTransport::responding(|_| Reply::hang());
    let timeout = Duration::from_millis(150);
    let client =
        memory_client(&transport, small(DropPolicy::Block(timeout)).shutdown_timeout(Duration::ZERO));
    log(&client, 0..5);
    let start = Instant::now();
    log(&client, 5..6);
    assert!(start.elapsed() >= timeout && start.elapsed() < TIMEOUT);
    let metrics = client.metrics();
    assert_eq!((metrics.dropped_for(DropReason::BufferFull), metrics.pending), (1, 5));
}

#[test]
fn callers_that_wait_get_through_when_room_is_made() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, small(DropPolicy::Block(NEVER)));
    thread::scope(|scope| {
        for thread in 0..4 {
            let client = client.clone();
            scope.spawn(move || log(&client, thread * 100..thread * 100 + 100));
        }
    });
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let mut sent = sent(&transport);
    sent.sort_unstable();
    assert!(sent.into_iter().eq(0..400), "every entry once");
    assert_eq!(client.metrics().logs_dropped, 0);
}

#[test]
fn a_close_lets_callers_that_wait_go() {
    let transport = MemoryTransport::responding(|_| Reply::hang());
    let client = memory_client(&transport, small(DropPolicy::Block(NEVER)));
    log(&client, 0..5);
    let (about_to, waits) = mpsc::channel();
    thread::scope(|scope| {
        let caller = client.clone();
        scope.spawn(move || {
            about_to.send(()).expect("the test is there");
            log(&caller, 5..6);
        });
        waits.recv().expect("the caller is there");
        let report = client.close_blocking(Duration::from_millis(100));
        // The caller's own entry is lost with the others, if its thread has come that far.
        assert!((5..=6).contains(&report.lost) && report.pending == 0, "{report}");
    });
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.pending), (6, 0));
    assert_eq!(metrics.dropped_for(DropReason::Closed), 1);
}

const THREADS: u64 = 8;
const ENTRIES: u64 = 5_000;

fn flood(client: &Client) {
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || log(client, thread * ENTRIES..(thread + 1) * ENTRIES));
        }
    });
}

#[test]
fn a_flood_from_many_threads_keeps_the_books() {
    for policy in [DropPolicy::Newest, DropPolicy::Oldest] {
        let transport = MemoryTransport::new();
        let client = memory_client(&transport, small(policy).max_buffer_size(50).batch_size(20));
        flood(&client);
        client.flush_blocking(TIMEOUT);
        let metrics = client.metrics();
        assert_eq!((metrics.logged, metrics.pending), (THREADS * ENTRIES, 0));
        assert_eq!(metrics.logs_dropped, metrics.dropped_for(DropReason::BufferFull));
        let mut sent = sent(&transport);
        assert_eq!(sent.len() as u64, metrics.logs_sent);
        sent.sort_unstable();
        assert!(sent.is_sorted_by(|one, other| one < other), "nothing is sent twice");
    }
}

#[test]
fn a_flood_from_many_threads_never_holds_more_than_the_bound() {
    for (policy, bound) in [(DropPolicy::Newest, 50), (DropPolicy::Oldest, 100)] {
        let transport = MemoryTransport::responding(|_| Reply::hang());
        let options = small(policy).max_buffer_size(50).batch_size(20).shutdown_timeout(Duration::ZERO);
        let client = memory_client(&transport, options);
        flood(&client);
        assert_eq!(client.metrics().logged, THREADS * ENTRIES);
        wait_until("the counts settle", || client.metrics().pending <= bound);
        assert!(client.metrics().pending >= 50, "the buffer is full");
    }
}
