//! Requests as spans, see [`Options::spans`].

use std::{collections::BTreeMap, thread};

use logtide_core::TraceParent;
use logtide_middleware::Options;
use serde_json::{Value, json};

use super::{SPAN, Serve, TRACE, parent};
use crate::{
    middleware::{App, Site, browser},
    setup::options,
    spans::SentSpan,
};

fn with_spans() -> Options {
    Options::new().spans(true)
}

fn id_of(entry: &Value) -> &str {
    entry["span_id"].as_str().expect("every entry of the request has the id of its span")
}

/// Returns the span of one request, which has `entries` entries. All of them belong to it.
fn span_of(serve: Serve, entries: usize, ask: impl FnOnce(&Site)) -> SentSpan {
    let site = Site::new(serve, with_spans());
    ask(&site);
    let (entries, mut spans) = site.finish_with_spans(entries, 1);
    let span = spans.remove(0);
    for entry in &entries {
        assert_eq!((entry["trace_id"].as_str(), id_of(entry)), (Some(&*span.trace_id), &*span.span_id));
    }
    span
}

/// A request is one span of the caller's trace, with name, kind and attributes of the semantic conventions, and no personal data.
pub fn makes_a_request_a_span(serve: Serve, route: &str, version: Option<&str>) {
    let mut port = 0;
    let span = span_of(serve, 3, |site| {
        port = site.server().address().port();
        let host = format!("shop.example:{port}");
        let headers = [("traceparent", &*parent()), ("user-agent", "PRIVATE/1.0"), ("host", &*host)];
        let answer =
            browser::send_without_host(site.server().address(), "GET", "/users/7?q=PRIVATE", &headers);
        assert_eq!(answer.map(|answer| answer.status), Some(200));
    });
    assert_eq!((&*span.name, span.kind), (&*format!("GET {route}"), 2));
    assert_eq!((&*span.trace_id, &*span.parent), (TRACE, SPAN));
    assert_eq!((span.status, &*span.message), (0, ""));
    let mut expected = json!({
        "http.request.method": "GET",
        "url.path": "/users/7",
        "url.scheme": "http",
        "http.route": route,
        "http.response.status_code": 200,
        "server.address": "shop.example",
        "server.port": port,
    });
    if let Some(version) = version {
        expected["network.protocol.version"] = json!(version);
    }
    span.assert_attributes(&expected);
}

/// Address, user agent and query string are attributes if the client may send personal data.
pub fn has_personal_attributes_where_the_client_may_send_them(serve: Serve) {
    let site =
        Site::with_client_options(serve, options("http://localhost").send_default_pii(true), with_spans());
    assert!(site.get("/users/7?q=1", &[("user-agent", "test/1.0")]).is_some());
    let (_, spans) = site.finish_with_spans(3, 1);
    let attributes = &spans[0].attributes;
    let personal = ["client.address", "user_agent.original", "url.query"].map(|name| &attributes[name]);
    assert_eq!(personal, ["127.0.0.1", "test/1.0", "q=1"]);
}

/// Without a caller, the span starts a trace, for which the sample rate decides. A caller's decision is followed, and every
/// decision is passed on.
pub fn follows_the_sampling_of_the_caller(serve: Serve) {
    let unsampled = format!("00-{TRACE}-{SPAN}-00");
    for (rate, caller, is_sampled) in
        [(1.0, None, true), (0.0, None, false), (0.0, Some(parent()), true), (1.0, Some(unsampled), false)]
    {
        let options = options("http://localhost").traces_sample_rate(rate);
        let site = Site::with_client_options(serve, options, with_spans());
        let headers: Vec<_> = caller.iter().map(|caller| ("traceparent", &**caller)).collect();
        let outgoing = site.get("/outgoing", &headers).expect("an answer").body;
        let outgoing: TraceParent = outgoing.parse().expect("the handler has a trace");
        let (entries, spans) = site.finish_with_spans(2, usize::from(is_sampled));
        assert_eq!(outgoing.sampled, is_sampled, "{rate} {caller:?}");
        assert_eq!(id_of(&entries[1]), outgoing.span_id.to_string(), "requests that go out name the span");
        assert_ne!(id_of(&entries[1]), SPAN);
        if let [span] = &spans[..] {
            assert_eq!(span.span_id, outgoing.span_id.to_string());
            assert_eq!(span.parent, if caller.is_some() { SPAN } else { "" });
            assert_eq!(span.trace_id, outgoing.trace_id.to_string());
        }
    }
}

/// A skipped path has no span, and without the option no request has one.
pub fn makes_no_span_where_none_is_asked_for(serve: Serve) {
    let site = Site::new(serve, with_spans());
    assert!(site.get("/health", &[("traceparent", &parent())]).is_some());
    let (entries, _) = site.finish_with_spans(1, 0);
    assert_eq!(id_of(&entries[0]), SPAN);

    let site = Site::new(serve, Options::new());
    assert!(site.get("/ok", &[("traceparent", &parent())]).is_some());
    let (entries, _) = site.finish_with_spans(3, 0);
    assert!(entries.iter().all(|entry| id_of(entry) == SPAN), "{entries:#?}");
}

/// A status of 500 and above is an error of the server, a lower one is not.
pub fn has_the_status_of_the_response(serve: Serve) {
    for (status, code) in [(200, 0), (304, 0), (404, 0), (422, 0), (500, 2), (503, 2)] {
        let span = span_of(serve, 2, |site| {
            assert!(site.get(&format!("/status/{status}"), &[]).is_some());
        });
        assert_eq!((span.status, &*span.message, &*span.parent), (code, "", ""), "{status}");
        assert_eq!(span.attributes["http.response.status_code"], status);
        let error = (code == 2).then(|| json!(status.to_string()));
        assert_eq!(span.attributes.get("error.type"), error.as_ref());
    }
}

/// A failure ends its span once, as an error: a panic, or a body that fails or is too short.
pub fn ends_as_an_error_what_fails(serve: Serve) {
    for (path, error, message) in [
        ("/panics", "panic", "expected in this test"),
        ("/breaks", "Custom", "disk gone"),
        ("/short", "ShortBody", "the response body ended after 1 of 10 bytes"),
    ] {
        let span = span_of(serve, 2, |site| drop(site.get(path, &[])));
        assert_eq!((span.status, &*span.message, &*span.name), (2, message, &*format!("GET {path}")));
        let kind = span.attributes["error.type"].as_str().expect("an error has a type");
        assert!(kind == error || path == "/breaks", "{kind}");
    }
}

/// The span of a stream ends with the stream, whose entries belong to it.
pub fn ends_with_the_body(serve: Serve) {
    let span = span_of(serve, 5, |site| drop(site.get("/streams", &[])));
    assert_eq!((span.status, &*span.name), (0, "GET /streams"));
}

/// A client that disconnects in the middle of a body ends the span as an error.
pub fn ends_when_the_client_hangs_up(serve: Serve) {
    let span = span_of(serve, 2, |site| browser::hang_up(site.server().address(), "/endless"));
    assert_eq!((span.status, &*span.message), (2, "cancelled"));
    assert_eq!(span.attributes["error.type"], "cancelled");
    assert_eq!(span.attributes["http.response.status_code"], 200);
}

/// A client that disconnects before the response ends the span as an error.
pub fn ends_when_the_client_does_not_wait(serve: Serve) {
    let span = span_of(serve, 2, |site| {
        let request = browser::open(site.server().address(), "GET", "/waits", &[]);
        site.wait_for(1);
        drop(request);
    });
    assert_eq!((span.status, &*span.message), (2, "cancelled"));
    assert_eq!(span.attributes.get("http.response.status_code"), None);
}

/// Each of many concurrent requests has its own span, with its caller as the parent and its own entries.
pub fn keeps_concurrent_spans_apart(serve: Serve) {
    let site = Site::new(serve, with_spans());
    let address = site.server().address();
    thread::scope(|scope| {
        for id in 0..App::BUYERS {
            scope.spawn(move || {
                let parent = format!("00-{:032x}-{:016x}-01", id + 1, id + 1_001);
                let answer = browser::get(address, &format!("/buy/{id}"), &[("traceparent", &parent)]);
                assert_eq!(answer.map(|answer| answer.status), Some(200));
            });
        }
    });
    let (entries, spans) = site.finish_with_spans(3 * App::BUYERS, App::BUYERS);
    let by_id: BTreeMap<_, _> = spans.iter().map(|span| (&*span.span_id, span)).collect();
    assert_eq!(by_id.len(), App::BUYERS);
    for id in 0..App::BUYERS {
        let span = spans.iter().find(|span| span.attributes["url.path"] == format!("/buy/{id}"));
        let span = span.expect("each request has its span");
        assert_eq!(
            (&span.trace_id, &span.parent),
            (&format!("{:032x}", id + 1), &format!("{:016x}", id + 1_001))
        );
    }
    for entry in &entries {
        let span = by_id[id_of(entry)];
        assert_eq!(entry["trace_id"], span.trace_id);
        if let Some(path) = entry["metadata"].get("path") {
            assert_eq!(*path, span.attributes["url.path"]);
        }
    }
}

/// `tracestate` and `baggage` are passed on unchanged, with and without spans, and the span has the first.
pub fn passes_tracestate_and_baggage_on(serve: Serve) {
    let parent = parent();
    let beside = [
        ("tracestate", "a=1"),
        ("baggage", "user=7;p=x"),
        ("tracestate", "b=2,c=3"),
        ("baggage", "plan=pro"),
    ];
    let headers: Vec<_> = [("traceparent", &*parent)].into_iter().chain(beside).collect();
    for spans in [false, true] {
        let site = Site::new(serve, Options::new().spans(spans));
        let body = site.get("/outgoing", &headers).expect("an answer").body;
        let lines: Vec<_> = body.lines().skip(1).collect();
        assert_eq!(lines, ["a=1,b=2,c=3", "user=7;p=x,plan=pro"]);
        let without_parent = site.get("/outgoing", &beside).expect("an answer").body;
        assert_eq!(without_parent.lines().count(), 1, "they belong to a traceparent: {without_parent}");
        let (entries, sent) = site.finish_with_spans(4, if spans { 2 } else { 0 });
        if spans {
            assert_eq!((&*sent[0].trace_state, &*sent[1].trace_state), ("a=1,b=2,c=3", ""));
        }
        assert!(!json!(entries).to_string().contains("plan=pro"));
    }
}
