//! `tracing` spans around the server and in the handler.

use std::convert::Infallible;

use http::Request;
use http_body_util::Full;
use logtide_tower::{Options, ServerLayer};
use tower::{Layer as _, Service as _, ServiceExt as _, service_fn};
use tracing::Instrument as _;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::setup::{Logged, SPAN, TRACE, answer, request};

#[test]
fn the_trace_of_a_request_wins_over_a_span_around_the_server_and_spans_in_it_belong_to_it() {
    let logged = Logged::new();
    let client = logged.client.clone();
    let handler = service_fn(move |_: Request<_>| {
        tracing::info!("in the handler");
        tracing::info_span!("step").in_scope(|| {
            tracing::info!("in the step");
            client.info("app", "in the step", ());
        });
        async { Ok::<_, Infallible>(answer(Full::new(&b""[..]))) }
    });
    let subscriber = tracing_subscriber::registry().with(logtide_tracing::layer(&logged.client));
    tracing::subscriber::with_default(subscriber, || {
        tracing::info_span!("connection").in_scope(|| {
            tracing::info!("around");
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(logged.layer(handler).oneshot(request())).unwrap();
        });
    });
    let entries = logged.entries();
    let traces: Vec<_> = entries.iter().map(|entry| entry["trace_id"] == TRACE).collect();
    assert_eq!(traces, [false, true, true, true, true, true], "{entries:#?}");
    let spans: Vec<_> = entries[1..].iter().map(|entry| entry["span_id"].as_str().unwrap()).collect();
    let step = spans[2];
    assert_eq!(spans, [SPAN, SPAN, step, step, SPAN]);
    assert_ne!(step, SPAN);
}

#[test]
fn a_request_takes_the_ids_of_the_span_that_another_layer_puts_it_into_where_that_was_asked_for() {
    let logged = Logged::new();
    let client = logged.client.clone();
    let handler = service_fn(move |_: Request<_>| {
        tracing::info!("in the handler");
        client.info("app", "in the handler", ());
        async { Ok::<_, Infallible>(answer(Full::new(&b""[..]))) }
    });
    let options = Options::new().use_active_span(true);
    let mut inner = ServerLayer::with_options(logged.client.clone(), options).layer(handler);
    let client = logged.client.clone();
    let outer = service_fn(move |request: Request<_>| {
        let span = tracing::info_span!("request");
        span.in_scope(|| {
            client.info("app", "around", ());
            inner.call(request)
        })
        .instrument(span)
    });
    let subscriber = tracing_subscriber::registry().with(logtide_tracing::layer(&logged.client));
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(outer.oneshot(request())).unwrap();
    });
    let entries = logged.entries();
    assert_eq!(entries.len(), 5, "{entries:#?}");
    let ids = |entry: &serde_json::Value| (entry["trace_id"].clone(), entry["span_id"].clone());
    assert_ne!(entries[0]["trace_id"], TRACE);
    assert!(entries.iter().all(|entry| ids(entry) == ids(&entries[0])), "{entries:#?}");
}
