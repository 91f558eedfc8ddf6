//! The SDK beside another client, in one run: the same entries, the same receiver.

mod otlp;

use std::{alloc::System, sync::atomic::Ordering};

use logtide_tests::measure::{self, ALLOCATIONS, Contender, Direct, Traced};
use tracking_allocator::{AllocationGroupId, AllocationRegistry, AllocationTracker, Allocator};

use otlp::Otlp;

/// Adds a word to each allocation, of each client alike, and counts only in the runs that are not timed.
#[global_allocator]
static ALLOCATOR: Allocator<System> = Allocator::system();

fn main() -> measure::Result<()> {
    let contenders = [
        Contender::new::<Direct>("logtide"),
        Contender::new::<Traced>("logtide-tracing"),
        Contender::peer::<Otlp>("opentelemetry-otlp"),
    ];
    measure::main_counting(&contenders, || {
        AllocationRegistry::set_global_tracker(Counter)?;
        AllocationRegistry::enable_tracking();
        Ok(())
    })
}

struct Counter;

impl AllocationTracker for Counter {
    fn allocated(&self, _address: usize, _size: usize, _wrapped: usize, _group: AllocationGroupId) {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
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
