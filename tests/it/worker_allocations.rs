//! The worker allocates for each request that it sends, and not for entries.
//!
//! This is a separate binary with one test, because it counts the allocations of all threads but the test's.

use std::{
    alloc::System,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use logtide_client::Client;
use logtide_tests::{
    nowhere::Nowhere,
    setup::{TIMEOUT, options},
};
use tracking_allocator::{
    AllocationGroupId, AllocationGroupToken, AllocationRegistry, AllocationTracker, Allocator,
};

#[global_allocator]
static ALLOCATOR: Allocator<System> = Allocator::system();

static BY_WORKER: AtomicU64 = AtomicU64::new(0);

/// Entries of a request.
const BATCH: u64 = 1_000;

/// The requests of a round.
const ROUND: u64 = 20;

/// The most rounds until the buffers have grown.
const WARM_UP: u64 = 500;

/// The consecutive rounds that must stay within the limit.
const QUIET: u64 = 5;

/// The most allocations for a flush and a request: for the exchange and its response, regardless of their size.
const PER_REQUEST: u64 = 40;

/// Counts the allocations of threads outside of all groups.
struct Counter;

impl AllocationTracker for Counter {
    fn allocated(&self, _address: usize, _size: usize, _wrapped: usize, group: AllocationGroupId) {
        if group == AllocationGroupId::ROOT {
            BY_WORKER.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn deallocated(
        &self,
        _address: usize,
        _size: usize,
        _wrapped: usize,
        _source: AllocationGroupId,
        _current: AllocationGroupId,
    ) {
    }
}

#[test]
fn the_worker_allocates_nothing_for_an_entry() {
    AllocationRegistry::set_global_tracker(Counter).expect("there is no other tracker");
    let mut group = AllocationGroupToken::register().expect("there are few groups");
    let _tracked = group.enter();
    AllocationRegistry::enable_tracking();
    let options = options("http://localhost").batch_size(BATCH as usize).global_metadata([("region", "eu")]);
    let client = Client::with_transport(options, Arc::new(Nowhere)).expect("the options work");
    client.with_scope(
        |scope| scope.set_tag("plan", "free"),
        || {
            let (mut quiet, mut latest) = (0, 0);
            for _ in 0..WARM_UP {
                latest = round(&client);
                quiet = if latest <= ROUND * PER_REQUEST { quiet + 1 } else { 0 };
                if quiet == QUIET {
                    return;
                }
            }
            panic!("{latest} allocations for {} entries in {ROUND} requests", ROUND * BATCH);
        },
    );
    AllocationRegistry::disable_tracking();
}

/// Sends some requests, and returns how often the worker allocated in the meantime.
fn round(client: &Client) -> u64 {
    let before = BY_WORKER.load(Ordering::Relaxed);
    for _ in 0..ROUND {
        for call in 0..BATCH {
            let fields = (("method", "GET"), ("status", 200), ("ms", 1.5), ("call", call), ("ok", true));
            client.info("api", format_args!("request {call} \"completed\""), fields);
        }
        assert!(client.flush_blocking(TIMEOUT).is_complete());
    }
    BY_WORKER.load(Ordering::Relaxed) - before
}
