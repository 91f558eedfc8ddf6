//! A log call allocates nothing after the buffers have grown.
//!
//! This is a separate binary, because counting needs its own allocator.

use std::{fmt::Display, sync::OnceLock};

use allocation_counter::{AllocationInfo, measure};
use logtide_client::Client;
use logtide_core::{Breadcrumb, IntoMetadata, Level, Pairs, Scope};
use logtide_tests::setup::{TIMEOUT, memory_client, options};
use logtide_transport::MemoryTransport;

/// The consecutive log calls that must not allocate.
const CALLS: u64 = 10_000;

/// The entries between two flushes, which fit in the chunk that the worker returns.
const ROUND: u64 = 100;

/// The rounds until the buffers have grown. A new interleaving of caller and worker can add a chunk, and no chunk is removed.
const WARM_UP: u64 = 2_000;

/// Asserts that log calls stop allocating on the calling thread.
fn assert_none(what: &str, log: impl Fn(&Client, u64)) {
    let client = memory_client(&MemoryTransport::new(), options("http://localhost").batch_size(1_000));
    let (mut quiet, mut latest) = (0, AllocationInfo::default());
    for _ in 0..WARM_UP {
        let info = round(&client, &log);
        (quiet, latest) = if info.count_total == 0 { (quiet + ROUND, latest) } else { (0, info) };
        if quiet == CALLS {
            return;
        }
    }
    panic!("{what} allocates for ever, the last time {latest:?}");
}

/// Counts the allocations of the calling thread in a round of log calls.
fn round(client: &Client, log: impl Fn(&Client, u64)) -> AllocationInfo {
    let info = measure(|| (0..ROUND).for_each(|call| log(client, call)));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    info
}

fn info(client: &Client, message: impl Display, metadata: impl IntoMetadata) {
    client.info("api-gateway", message, metadata);
}

#[test]
fn borrowed_fields_cost_no_allocation() {
    assert_none("a text", |client, _| info(client, "request completed", ()));
    assert_none("a formatted message", |client, call| info(client, format_args!("request {call}"), ()));
    assert_none("pairs of different types", |client, call| {
        info(client, "m", (("method", "GET"), ("status", 200), ("ms", 1.5), ("call", call), ("ok", true)));
    });
    assert_none("an array", |client, call| info(client, "m", [("call", call), ("more", 7)]));
    assert_none("borrowed pairs", |client, call| {
        info(client, "m", Pairs([("call", call), ("more", 7)].iter().copied()));
    });
    assert_none("texts that are escaped", |client, _| info(client, "say \"hi\"\n", [("k", "ä\0\u{1}")]));
}

#[test]
fn a_service_handle_costs_no_allocation() {
    let service = OnceLock::new();
    assert_none("a service handle", |client, call| {
        let service = service.get_or_init(|| client.service("api-gateway"));
        service.warn(format_args!("call {call}"), [("call", call)]);
    });
}

#[test]
fn a_level_at_run_time_and_a_macro_with_a_client_cost_no_allocation() {
    assert_none("a level that is chosen at run time", |client, call| {
        client.log_at(Level::ALL[call as usize % 5], "api-gateway", "m", [("call", call)]);
    });
    assert_none("a macro with a client", |client, call| {
        logtide::info!(client, "call {call}", method = "GET");
    });
    let service = OnceLock::new();
    assert_none("a macro with a service", |client, call| {
        logtide::info!(service.get_or_init(|| client.service("api-gateway")), "call {call}");
    });
}

#[test]
fn a_scope_costs_no_allocation() {
    let configure = |scope: &mut Scope| {
        scope.set_trace_id("4bf92f3577b34da6a3ce929d0e0e4736");
        scope.set_tag("region", "eu");
        scope.set_extra("order_id", "42");
        scope.add_breadcrumb(Breadcrumb::new("GET /a"));
    };
    memory_client(&MemoryTransport::new(), options("http://localhost")).with_scope(configure, || {
        assert_none("an entry inside a scope", |client, call| info(client, "m", [("call", call)]));
    });
}

#[test]
fn the_callers_own_allocations_are_counted() {
    let client = memory_client(&MemoryTransport::new(), options("http://localhost"));
    for _ in 0..10 {
        let info = round(&client, |client, call| info(client, format!("request {call}"), ()));
        assert!(info.count_total >= ROUND, "{info:?}");
    }
}
