//! Entries inside spans of `tracing`.

use logtide_client::Client;
use logtide_core::{Level, LogEntry, SpanId, TraceId};
use logtide_devserver::{DevServer, StoredEntry};
use logtide_tests::setup::{TIMEOUT, client, options_for};
use tracing::{Instrument as _, info, info_span, subscriber::with_default};
use tracing_subscriber::layer::SubscriberExt as _;

/// Returns what the server stored for some work, by message.
fn stored(work: impl FnOnce(&Client)) -> impl Fn(&str) -> StoredEntry {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    with_default(tracing_subscriber::registry().with(logtide_tracing::layer(&client)), || work(&client));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let stored = server.stored();
    move |message| {
        let found = stored.iter().find(|entry| entry.message == message);
        found.unwrap_or_else(|| panic!("no entry {message:?}")).clone()
    }
}

fn ids(entry: &StoredEntry) -> (Option<&str>, Option<&str>) {
    (entry.trace_id.as_deref(), entry.span_id.as_deref())
}

#[test]
fn c26_events_and_calls_inside_a_span_have_its_ids_and_later_ones_none() {
    let stored = stored(|client| {
        let span = info_span!("request");
        span.in_scope(|| {
            info!("event");
            client.info("svc", "call", ());
        });
        info!("later event");
        client.info("svc", "later call", ());
        let work = async { client.info("svc", "call in a future", ()) };
        futures::executor::block_on(work.instrument(span));
    });
    let event = stored("event");
    let (trace, span) = ids(&event);
    trace.expect("a trace").parse::<TraceId>().expect("of the W3C form");
    span.expect("a span").parse::<SpanId>().expect("of the W3C form");
    assert_eq!(ids(&stored("call")), (trace, span));
    assert_eq!(ids(&stored("call in a future")), (trace, span));
    assert_eq!(ids(&stored("later event")), (None, None));
    assert_eq!(ids(&stored("later call")), (None, None));
}

#[test]
fn c26_a_trace_of_the_entrys_own_wins_then_the_span_then_the_scope() {
    let own = "f".repeat(32);
    let stored = stored(|client| {
        client.set_trace_id(Some("client"));
        client.with_trace_id("scope", || {
            let _span = info_span!("request").entered();
            client.with_trace_id("inner scope", || info!("span's"));
            info!(logtide.trace_id = own, "own event");
            client.log(LogEntry::new(Level::Info, "svc", "own call").trace_id(&own));
        });
        let _span = info_span!("another").entered();
        info!("client's");
    });
    assert_eq!(stored("span's").trace_id.as_deref(), Some("scope"), "the root span was made in the scope");
    assert_eq!(stored("own event").trace_id.as_deref(), Some(&*own));
    assert_eq!(stored("own call").trace_id.as_deref(), Some(&*own));
    assert_eq!(stored("client's").trace_id.as_deref(), Some("client"));
}
