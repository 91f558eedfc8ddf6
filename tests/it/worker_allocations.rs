//! What the worker allocates: something for each request that it sends, and nothing for an entry.
//!
//! A binary of its own with one test, because it counts what all threads allocate but that of the test.

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
    setup::{PATIENCE, options},
};
use tracking_allocator::{
    AllocationGroupId, AllocationGroupToken, AllocationRegistry, AllocationTracker, Allocator,
};

#[global_allocator]
static ALLOCATOR: Allocator<System> = Allocator::system();

static BY_WORKER: AtomicU64 = AtomicU64::new(0);

/// Entries of a request.
const BATCH: u64 = 1_000;

/// Requests that are counted together.
const ROUND: u64 = 20;

/// Rounds until the buffers have grown, at most.
const WARM_UP: u64 = 500;

/// Rounds in a row that stay within the limit.
const QUIET: u64 = 5;

/// Allocations that a flush and a request may cost: for the exchange and its answer, whatever they hold.
const PER_REQUEST: u64 = 40;

/// Counts what threads allocate outside of all groups.
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

/// Sends some requests, and gives how often the worker allocated meanwhile.
fn round(client: &Client) -> u64 {
    let before = BY_WORKER.load(Ordering::Relaxed);
    for _ in 0..ROUND {
        for call in 0..BATCH {
            let fields = (("method", "GET"), ("status", 200), ("ms", 1.5), ("call", call), ("ok", true));
            client.info("api", format_args!("request {call} \"completed\""), fields);
        }
        assert!(client.flush_blocking(PATIENCE).is_complete());
    }
    BY_WORKER.load(Ordering::Relaxed) - before
}
