//! Panics and failures around the worker cost nothing.

use logtide_client::integration::Integration;
use std::{
    fs::OpenOptions,
    panic,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Wake, Waker},
    time::Duration,
};

use logtide_core::DropReason;
use logtide_devserver::DevServer;
use logtide_tests::{
    entries::assert_stored_once,
    program,
    setup::{TIMEOUT, client, memory_client, options, wait_until},
};
use logtide_transport::{MemoryTransport, Reply};

const ENTRIES: u64 = 300;

#[cfg(target_os = "linux")]
#[test]
fn a_standard_error_that_takes_nothing_costs_no_entry() {
    let server = DevServer::start().expect("the server starts");
    let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let mut program = program::program("worker_panics::a_program_that_reports_to_standard_error", &server);
    program::run(program.stderr(full));
    assert_stored_once(&server, 0..ENTRIES);
}

/// Runs in a separate process.
#[test]
fn a_program_that_reports_to_standard_error() {
    let Some(options) = program::options() else { return };
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::SeqCst);
    }));
    let client = client(options.debug(true));
    for id in 0..ENTRIES {
        client.info("svc", "hello", [("id", id)]);
        if id % 2 == 0 {
            assert!(client.flush_blocking(TIMEOUT).is_complete());
        }
    }
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.pending), (ENTRIES, ENTRIES, 0));
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
}

/// The waker of a broken executor.
struct Broken;

impl Wake for Broken {
    fn wake(self: Arc<Self>) {
        panic!("expected in this test");
    }
}

#[test]
fn a_caller_whose_waker_panics_costs_no_entry() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    let waker = Waker::from(Arc::new(Broken));
    for _ in 0..3 {
        client.info("svc", "hello", ());
        let mut flush = pin!(client.flush());
        let mut context = Context::from_waker(&waker);
        let _ = flush.as_mut().poll(&mut context);
        wait_until("the flush is done", || client.metrics().pending == 0);
    }
    client.info("svc", "hello", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let metrics = client.metrics();
    assert_eq!((metrics.logs_sent, metrics.logs_dropped, metrics.last_error), (4, 0, None));
}

#[test]
fn what_a_worker_holds_when_its_thread_is_stopped_is_counted_and_its_room_is_free_again() {
    const ROOM: u64 = 5;
    let transport = MemoryTransport::new();
    transport.push(Reply::hang());
    let client = memory_client(&transport, options("http://localhost").max_buffer_size(ROOM as usize));
    let fill = || (0..ROOM + 1).for_each(|_| client.info("svc", "hello", ()));
    fill();
    client.flush_blocking(Duration::from_millis(20));
    Integration::of(&client).driver().stop();
    wait_until("the loss is counted", || client.metrics().dropped_for(DropReason::Shutdown) == ROOM);
    fill();
    let report = client.flush_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.pending), (ROOM, 0));
    let metrics = client.metrics();
    assert_eq!((metrics.logs_sent, metrics.dropped_for(DropReason::BufferFull)), (ROOM, 2));
}
