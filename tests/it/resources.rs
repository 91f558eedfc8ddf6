//! Programs that run out of file descriptors, or of memory for threads, and recover.

use std::{
    fs, iter, panic,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use futures::FutureExt as _;
use logtide_client::{Client, ClientOptions, integration::Integration};
use logtide_devserver::DevServer;
use logtide_query::QueryOptions;
use logtide_stream::StreamOptions;
use logtide_tests::{
    entries::assert_stored_once,
    program,
    setup::{NEVER, TIMEOUT, client},
};
use logtide_transport::Driver;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// From none to more free descriptors than a worker and its first connection need.
const FREE: [usize; 8] = [0, 3, 5, 7, 8, 9, 11, 16];

#[test]
fn missing_descriptors_cost_nothing_once_there_are_some() {
    let server = DevServer::start().expect("the server starts");
    program::run(&mut program::program("resources::a_program_without_descriptors", &server));
    assert_stored_once(&server, 0..2 * FREE.len() as u64);
}

#[test]
fn a_missing_thread_costs_nothing_once_there_is_one() {
    let server = DevServer::start().expect("the server starts");
    program::run(&mut program::program("resources::a_program_without_threads", &server));
    assert_stored_once(&server, 0..2);
}

/// Runs in a separate process.
#[test]
fn a_program_without_descriptors() {
    let Some(options) = program::options() else { return };
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("there is a limit");
    setrlimit(Resource::RLIMIT_NOFILE, 256, hard).expect("it can be lowered");
    let mut starts = Vec::new();
    for (round, free) in FREE.into_iter().enumerate() {
        let ids = 2 * round as u64..2 * round as u64 + 2;
        let take = || {
            let mut files: Vec<_> = iter::from_fn(|| fs::File::open("/dev/null").ok()).collect();
            files.truncate(files.len() - free);
            files
        };
        starts.push(in_want(&options, ids, take, drop));
    }
    assert_eq!((starts.first(), starts.last()), (Some(&false), Some(&true)), "{starts:?}");
}

/// Runs in a separate process.
#[test]
fn a_program_without_threads() {
    let Some(options) = program::options() else { return };
    // Less than the stack of a thread, and enough for everything else.
    const ROOM: u64 = 1 << 20;
    let (soft, hard) = getrlimit(Resource::RLIMIT_AS).expect("there is a limit");
    let set = |limit| setrlimit(Resource::RLIMIT_AS, limit, hard).expect("it can be set");
    assert!(!in_want(&options, 0..2, || set(address_space() + ROOM), |()| set(soft)));
}

/// Logs, flushes and reads without a resource, reports whether there is a worker then, and delivers after the resource is
/// available again.
fn in_want<T>(
    options: &ClientOptions,
    ids: std::ops::Range<u64>,
    take: impl FnOnce() -> T,
    give_back: impl FnOnce(T),
) -> bool {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::SeqCst);
    }));
    let patient = options.clone().max_retries(100).circuit_breaker_threshold(10_000).flush_interval(NEVER);
    let client = client(patient.retry_delay(Duration::from_millis(1)));
    let taken = take();
    log(&client, ids.start);
    let report = client.flush_blocking(Duration::from_millis(20));
    let cannot_read = fails_to_read(&client);
    // If reading works, delivery does too, though not always in such a short time.
    let report = if report.is_complete() || cannot_read { report } else { client.flush_blocking(TIMEOUT) };
    let (is_marked, is_there) = (Driver::is_driver_thread(), Integration::of(&client).driver().is_running());
    let error = client.metrics().last_error;
    give_back(taken);
    drop(panic::take_hook());
    assert_eq!((is_marked, PANICS.load(Ordering::SeqCst)), (false, 0));
    assert!(report.lost == 0 && (report.is_complete() || cannot_read), "{report:?}, {cannot_read}");

    if !is_there {
        assert!(error.is_some_and(|error| error.contains("could not start the driver thread")));
        // The SDK waits this long after a failed start.
        thread::park_timeout(Duration::from_millis(300));
    }
    log(&client, ids.end - 1);
    assert!(Integration::of(&client).driver().is_running());
    assert!(client.flush_blocking(TIMEOUT).is_complete(), "{:?}", client.metrics());
    assert!(!fails_to_read(&client));
    is_there
}

/// Whether reading fails.
fn fails_to_read(client: &Client) -> bool {
    let page = client.query_blocking(QueryOptions::new());
    // The first poll opens the connection.
    let _ = client.stream(StreamOptions::new()).next().now_or_never();
    page.is_err()
}

fn log(client: &Client, id: u64) {
    client.info("svc", "hello", [("id", id)]);
}

fn address_space() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:")).expect("it has the size");
    let kilobytes = line.trim().trim_end_matches("kB").trim();
    kilobytes.parse::<u64>().expect("it is a number") << 10
}
