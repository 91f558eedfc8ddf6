//! The level macros allocate nothing after the buffers have grown.
//!
//! This is a separate binary, because counting needs its own allocator.

use allocation_counter::measure;
use logtide_tests::setup::{TIMEOUT, memory_client, options};
use logtide_transport::MemoryTransport;

/// The entries between two flushes, which fit in the chunk that the worker returns.
const ROUND: u64 = 100;

/// The most rounds until the buffers have grown.
const WARM_UP: u64 = 2_000;

/// The consecutive rounds that must not allocate.
const QUIET: u64 = 100;

#[test]
fn macros_with_borrowed_fields_allocate_nothing() {
    let client =
        memory_client(&MemoryTransport::new(), options("http://localhost").service("api").batch_size(1_000));
    let _guard = logtide::init_with(client.clone()).expect("there is no other client");
    let (path, duration) = ("/users/42", std::time::Duration::from_millis(12));
    let mut quiet = 0;
    for _ in 0..WARM_UP {
        let info = measure(|| {
            for call in 0..ROUND {
                logtide::info!("request {call}", method = "GET", http.path = path, status = 200, duration = ?duration);
            }
        });
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        quiet = if info.count_total == 0 { quiet + 1 } else { 0 };
        if quiet == QUIET {
            return;
        }
    }
    panic!("the macros allocate for ever");
}
