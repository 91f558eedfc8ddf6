//! Spans over OTLP.

use logtide_client::{Client, InSpan};
use logtide_core::{SpanKind, SpanStatus};
use logtide_devserver::{DevServer, IngestRoute, StoredSpan};
use logtide_tests::setup::{TIMEOUT, client, options_for};
use serde_json::json;

fn stored(
    configure: impl FnOnce(logtide_client::ClientOptions) -> logtide_client::ClientOptions,
    work: impl FnOnce(&Client),
) -> Vec<StoredSpan> {
    let server = DevServer::start().expect("the server starts");
    let client = client(configure(options_for(&server)));
    work(&client);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    server.stored_spans()
}

#[test]
fn c24_a_span_has_service_environment_and_release_on_its_resource() {
    let spans = stored(
        |options| options.service("otel-test").environment("staging").release("1.2.3"),
        |client| client.span("checkout").end(),
    );
    let [span] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((&*span.operation, &*span.service), ("checkout", "otel-test"));
    let resource = &span.resource;
    assert_eq!(resource["service.name"], "otel-test");
    assert_eq!(resource["deployment.environment"], "staging");
    assert_eq!(resource["deployment.environment.name"], "staging");
    assert_eq!(resource["service.version"], "1.2.3");
    assert_eq!(resource["telemetry.sdk.name"], "logtide-rust");
}

#[test]
fn c24_what_is_not_set_is_left_out() {
    let spans = stored(|options| options, |client| client.span("checkout").end());
    let resource = &spans[0].resource;
    assert_eq!(resource["service.name"], "unknown");
    for name in ["deployment.environment", "service.version", "host.name"] {
        assert!(resource.get(name).is_none(), "{name}");
    }
    assert_eq!((&spans[0].parent_span_id, &spans[0].status_code), (&None, &None));
}

#[test]
fn c24_a_child_has_trace_and_parent_of_its_root_and_all_that_was_said_of_it() {
    let spans = stored(
        |options| options,
        |client| {
            let root = client.span("root").kind(SpanKind::Server);
            let child = root.in_scope(|| client.span("child").kind(SpanKind::Client));
            child.set_attribute("db.system", "postgresql");
            child.set_attribute("rows", 7);
            child.event("retry", [("attempt", 2)]);
            child.set_status(SpanStatus::Error, "timed out");
            child.end();
            root.set_status(SpanStatus::Ok, "");
            root.end();
        },
    );
    let named = |name: &str| spans.iter().find(|span| span.operation == name).expect("it is stored");
    let (root, child) = (named("root"), named("child"));
    assert_eq!(root.trace_id, child.trace_id);
    assert_eq!((root.trace_id.len(), root.span_id.len()), (32, 16));
    assert_eq!(child.parent_span_id.as_deref(), Some(&*root.span_id));
    assert_eq!((root.kind.as_deref(), child.kind.as_deref()), (Some("SERVER"), Some("CLIENT")));
    assert_eq!((root.status_code.as_deref(), child.status_code.as_deref()), (Some("OK"), Some("ERROR")));
    assert_eq!(child.status_message.as_deref(), Some("timed out"));
    assert_eq!(
        (&child.attributes["db.system"], &child.attributes["rows"]),
        (&json!("postgresql"), &json!(7))
    );
    let event = &child.events[0];
    assert_eq!((&event["name"], &event["attributes"]["attempt"]), (&json!("retry"), &json!(2)));
    assert!(root.start <= child.start && child.end <= root.end);
    assert!(child.start <= child.end);
}

#[test]
fn c24_spans_go_with_a_flush_as_entries_do() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    client.info("svc", "hello", ());
    client.span("work").end();
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let mut routes: Vec<_> = server.requests().ingest.iter().map(|request| request.route).collect();
    routes.sort_by_key(|route| format!("{route:?}"));
    assert_eq!(routes, [IngestRoute::Batch, IngestRoute::OtlpTraces]);
}

#[test]
fn c24_spans_of_many_tasks_at_once_never_mix() {
    let spans = stored(
        |options| options,
        |client| {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().expect("a runtime");
            runtime.block_on(async {
                let tasks: Vec<_> = (0..200_u32)
                    .map(|number| {
                        let client = client.clone();
                        let request = client.span("request").attribute("number", number);
                        tokio::spawn(
                            async move {
                                tokio::task::yield_now().await;
                                let query = client.span("query").attribute("number", number);
                                async { tokio::task::yield_now().await }.in_span(query).await;
                            }
                            .in_span(request),
                        )
                    })
                    .collect();
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
        },
    );
    assert_eq!(spans.len(), 400);
    for query in spans.iter().filter(|span| span.operation == "query") {
        let parent = query.parent_span_id.as_ref().expect("a parent");
        let request = spans.iter().find(|span| span.span_id == *parent).expect("it is stored");
        assert_eq!((&request.trace_id, &*request.operation), (&query.trace_id, "request"));
        assert_eq!(request.attributes["number"], query.attributes["number"]);
    }
}
