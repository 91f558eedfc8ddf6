//! A program whose allocator logs whenever it allocates or frees memory.
//!
//! This is a separate binary, because it needs its own allocator.

use std::{
    alloc::System,
    backtrace::Backtrace,
    fmt,
    io::{self, Write as _},
    process,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
};

use logtide_client::{
    Client, ClientOptions, DropPolicy,
    integration::{ActiveSpan, Integration},
};
use logtide_core::{Breadcrumb, DropReason, SpanId};
use logtide_tests::setup::{TIMEOUT, memory_client, options};
use logtide_tracing::SpanEvents;
use logtide_transport::MemoryTransport;
use tracing::{field::Empty, info_span};
use tracing_subscriber::layer::SubscriberExt as _;
use tracking_allocator::{
    AllocationGroupId, AllocationGroupToken, AllocationRegistry, AllocationTracker, Allocator,
};

#[global_allocator]
static ALLOCATOR: Allocator<System> = Allocator::system();

/// The clients that the allocator logs with, and that the test calls too.
static CLIENTS: OnceLock<[Client; 2]> = OnceLock::new();
static LOGGED: AtomicU64 = AtomicU64::new(0);

struct Logs;

impl Logs {
    fn log(what: &str) {
        for client in CLIENTS.get().into_iter().flatten() {
            client.info("allocator", what, ());
            LOGGED.fetch_add(1, Ordering::SeqCst);
        }
        tracing::info!("{what}");
    }
}

impl AllocationTracker for Logs {
    fn allocated(&self, _: usize, _: usize, _: usize, _: AllocationGroupId) {
        Self::log("allocated");
    }

    fn deallocated(&self, _: usize, _: usize, _: usize, _: AllocationGroupId, _: AllocationGroupId) {
        Self::log("freed");
    }
}

#[test]
fn no_call_holds_a_lock_while_memory_is_allocated_or_freed() {
    AllocationRegistry::set_global_tracker(Logs).expect("there is no other tracker");
    let transport = MemoryTransport::new();
    let with = |options: ClientOptions| memory_client(&transport, options.max_breadcrumbs(1_000));
    let small = options("http://localhost").max_buffer_size(100).drop_policy(DropPolicy::Oldest);
    let clients = CLIENTS
        .get_or_init(|| [with(options("http://localhost").attach_stacktrace(true).debug(true)), with(small)]);
    let layer = logtide_tracing::layer(&clients[0]).spans(true).span_events(SpanEvents::Both);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
        .expect("there is no other subscriber");
    let (done, is_done) = mpsc::channel();
    let watch = thread::spawn(move || {
        let mut before = 0;
        // A test that panics drops its sender, and reports the reason itself.
        while is_done.recv_timeout(TIMEOUT) == Err(RecvTimeoutError::Timeout) {
            // A thread that waits for its own lock logs nothing more and cannot be ended otherwise. On a loaded machine
            // everything is slow.
            let logged = LOGGED.load(Ordering::SeqCst);
            if logged == before {
                // Writes to the descriptor directly, since captured output is not shown after an abort.
                let _ = io::stderr().write_all(b"a call waits for a lock that its own thread holds\n");
                process::abort();
            }
            before = logged;
        }
    });
    // The first resolution of a name reads all debug data, which takes many seconds if each allocation for it is logged.
    drop(Backtrace::force_capture().to_string());
    AllocationRegistry::enable_tracking();
    let mut group = AllocationGroupToken::register().expect("there are few groups");
    let tracked = group.enter();
    trace();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let _over = OnDrop(|| is_over.store(true, Ordering::SeqCst));
        // Logs continuously, so also between the parts of a flush, a stop or a close.
        scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                drop(Box::new(7));
                thread::yield_now();
            }
        });
        for client in clients {
            call(client);
            assert_settled(client);
        }
    });
    drop(tracked);
    AllocationRegistry::disable_tracking();
    done.send(()).expect("the watch waits");
    watch.join().expect("the watch does not panic");
    assert!(LOGGED.load(Ordering::SeqCst) > 1_000, "the allocator logged nothing");
    clients.iter().for_each(assert_settled);
}

/// After a close nothing is pending, whatever other threads log.
fn assert_settled(client: &Client) {
    let metrics = client.metrics();
    assert_eq!(metrics.logged, metrics.logs_sent + metrics.logs_dropped, "{metrics}");
    let spans = &metrics.spans;
    assert_eq!(spans.ended, spans.sent + spans.dropped, "{metrics}");
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Makes calls of every kind that allocate or free memory, on buffers that grow.
fn call(client: &Client) {
    let error = "x".parse::<u16>().expect_err("this is not a number");
    for id in 0..3_000_u64 {
        client.info("svc", "hello", [("id", id)]);
    }
    for _ in 0..20 {
        client.error("svc", "failed", &error);
        client.info("svc", "x".repeat(100_000), ());
    }
    let span = ActiveSpan::new("trace", SpanId::from_random(7));
    client.with_scope(
        |scope| scope.set_tag("region", "eu"),
        || {
            for number in 0..20 {
                span.enter();
                client.add_breadcrumb(Breadcrumb::new(format!("step {number}")));
                client.set_trace_id(Some("trace"));
            }
            client.configure_scope(|scope| scope.set_trace_id("other"));
            (0..20).for_each(|_| span.exit());
        },
    );
    client.set_trace_id(None);
    drop(client.metrics());
    assert!(client.flush_blocking(TIMEOUT).pending == 0);
    Integration::of(client).driver().stop();
    client.info("svc", "by another worker", ());
    assert!(client.flush_blocking(TIMEOUT).pending == 0);
    client.reset_metrics();
    assert!(client.close_blocking(TIMEOUT).pending == 0);
}

/// Creates many spans at once, drops spans before they are exited, and records on spans while a thread is in them.
fn trace() {
    let spans: Vec<_> = (0..50).map(|number| info_span!("step", number, user_id = Empty)).collect();
    let entered: Vec<_> = spans.iter().map(tracing::Span::enter).collect();
    for span in &spans {
        span.record("user_id", 7);
        tracing::info!(parent: span, "inside");
        tracing::error!(parent: span, "failed");
        span.follows_from(&spans[0]);
    }
    drop(entered);
    for span in spans {
        span.with_subscriber(|(id, subscriber)| subscriber.enter(id));
        drop(span);
    }
    tracing::info!("outside");
}

/// Logs itself recursively while it is formatted.
struct Endless<'a>(&'a Client);

impl fmt::Display for Endless<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.info("svc", Endless(self.0), ());
        formatter.write_str("endless")
    }
}

#[test]
fn a_value_that_logs_itself_ends_and_is_counted() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    for _ in 0..2 {
        client.info("svc", Endless(&client), ());
        let report = client.flush_blocking(TIMEOUT);
        assert_eq!((report.delivered, report.lost, report.pending), (3, 1, 0));
    }
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.dropped_for(DropReason::Nested)), (8, 6, 2));
}
