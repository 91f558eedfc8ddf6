//! The scenarios. Each panics if an integration does not meet its requirement.

mod endless;
mod one_entry;
mod panics;
mod paths;
mod server_spans;
mod spans;
mod trust;

use std::{collections::BTreeSet, thread};

use logtide_core::TraceId;
use logtide_middleware::Options;
use serde_json::{Value, json};

pub use self::{
    endless::{
        closes_an_event_stream_without_a_warning, logs_a_client_that_hangs_up_at_the_level_that_is_set,
    },
    one_entry::is_one_entry_a_request_on_request,
    panics::logs_a_panic_as_one_exception,
    paths::{logs_a_path_under_its_name, names_a_path_by_its_route},
    server_spans::{
        ends_as_an_error_what_fails, ends_when_the_client_does_not_wait, ends_when_the_client_hangs_up,
        ends_with_the_body, follows_the_sampling_of_the_caller,
        has_personal_attributes_where_the_client_may_send_them, has_the_status_of_the_response,
        keeps_concurrent_spans_apart, makes_a_request_a_span, makes_no_span_where_none_is_asked_for,
        passes_tracestate_and_baggage_on,
    },
    spans::{brings_events_with_their_fields, correlates_what_is_logged_inside_a_span},
    trust::{keeps_an_id_of_any_form_that_is_not_trusted, starts_a_trace_where_the_callers_is_not_trusted},
};
use super::{App, Serve, Site, browser};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

type Headers<'a> = &'a [(&'a str, &'a str)];

/// The response to a failing request, and its entry.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// The path.
    pub path: &'static str,
    /// The status of the response. `None` if the server disconnects.
    pub status: Option<u16>,
    /// The beginning of the message of the only error entry.
    pub message: &'static str,
}

fn parent() -> String {
    format!("00-{TRACE}-{SPAN}-01")
}

/// Every entry of a request has the trace of its `traceparent`, or else of its `X-Trace-ID`.
pub fn takes_the_trace_of_the_request(serve: Serve) {
    let parent = parent();
    let requests: [(Headers<'_>, &str, Option<&str>); 4] = [
        (&[("traceparent", &parent)], TRACE, Some(SPAN)),
        (&[("traceparent", &parent), ("x-trace-id", "legacy-123")], TRACE, Some(SPAN)),
        (&[("x-trace-id", "legacy-123")], "legacy-123", None),
        (&[("traceparent", "garbage"), ("X-Trace-ID", "legacy-123")], "legacy-123", None),
    ];
    for (headers, trace, span) in requests {
        let site = Site::new(serve, Options::new());
        assert_eq!(site.get("/ok", headers).map(|answer| answer.status), Some(200));
        for entry in site.finish(3) {
            assert_eq!(
                (entry["trace_id"].as_str(), entry["span_id"].as_str()),
                (Some(trace), span),
                "{entry}"
            );
            assert_eq!(entry["metadata"].get("trace_id"), None);
        }
    }
}

/// A trace header that occurs twice counts as absent.
pub fn takes_no_trace_from_a_header_that_is_there_twice(serve: Serve) {
    let (parent, other) = (parent(), format!("00-{}-{}-01", "a".repeat(32), "b".repeat(16)));
    let requests: [(Headers<'_>, Option<&str>); 5] = [
        (&[("traceparent", &parent), ("traceparent", &other)], None),
        (&[("traceparent", &parent), ("traceparent", &parent)], None),
        (
            &[("traceparent", &parent), ("x-trace-id", "legacy-123"), ("traceparent", "garbage")],
            Some("legacy-123"),
        ),
        (&[("x-trace-id", "legacy-123"), ("x-trace-id", "legacy-456")], None),
        (&[("traceparent", &format!("{parent},{other}"))], None),
    ];
    for (headers, trace) in requests {
        let site = Site::new(serve, Options::new());
        assert_eq!(site.get("/ok", headers).map(|answer| answer.status), Some(200));
        let entries = site.finish(3);
        let of_entry = |entry: &Value| entry["trace_id"].as_str().map(str::to_owned);
        let traces: BTreeSet<_> = entries.iter().map(of_entry).collect();
        assert_eq!(traces.len(), 1, "{headers:?}: {traces:?}");
        let found = traces.into_iter().flatten().next().expect("there is a trace");
        match trace {
            Some(trace) => assert_eq!(found, trace, "{headers:?}"),
            None => {
                assert!(found.parse::<TraceId>().is_ok(), "{headers:?}: {found}");
                assert!(!parent.contains(&found) && !other.contains(&found), "{headers:?}: {found}");
            }
        }
        assert!(entries.iter().all(|entry| entry.get("span_id").is_none()), "{headers:?}");
    }
}

/// The trace of a request takes precedence over a span that the server's threads are in, see
/// [`enter_span_around`](super::enter_span_around).
pub fn takes_the_trace_of_the_request_inside_a_span(serve_inside: Serve) {
    takes_the_trace_of_the_request(serve_inside);
    makes_a_trace_for_each_request(serve_inside);
    passes_the_trace_on(serve_inside);
    logs_a_stream_when_it_ends(serve_inside);
}

/// A request without a trace gets a new one, shared by all of its entries.
pub fn makes_a_trace_for_each_request(serve: Serve) {
    let site = Site::new(serve, Options::new());
    for _ in 0..5 {
        assert!(site.get("/ok", &[]).is_some());
    }
    let entries = site.finish(15);
    let traces: Vec<&str> = entries.iter().filter_map(|entry| entry["trace_id"].as_str()).collect();
    assert!(traces.iter().all(|trace| trace.parse::<TraceId>().is_ok()), "{traces:?}");
    let requests: BTreeSet<&[&str]> = traces.chunks(3).collect();
    assert!(
        requests.iter().all(|request| request[0] == request[1] && request[1] == request[2]),
        "{traces:?}"
    );
    assert_eq!(requests.len(), 5);
}

/// No personal data is logged, and no secret even if headers are captured.
pub fn keeps_personal_data_and_secrets_out(serve: Serve) {
    let names = [
        "x-request-id",
        "authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "x-auth-token",
        "proxy-authorization",
    ];
    let mut headers = names.map(|name| (name, "SECRET"));
    headers[0].1 = "abc123";
    let personal = [("user-agent", "PRIVATE/1.0"), ("x-forwarded-for", "203.0.113.77")];
    let site = Site::new(serve, Options::new().capture_headers(names).capture_response_headers(names));
    let sent: Vec<_> = headers.into_iter().chain(personal).collect();
    assert!(site.get("/ok?token=PRIVATE", &sent).is_some());
    let entries = site.finish(3);
    assert_eq!(entries[0]["metadata"]["headers"], json!({"x-request-id": "abc123"}));
    assert_eq!(entries[0]["metadata"]["path"], "/ok");
    let text = json!(entries).to_string();
    for unwanted in ["SECRET", "PRIVATE", "203.0.113", "127.0.0.1"] {
        assert!(!text.contains(unwanted), "{unwanted}: {text}");
    }
    let all = Site::new(serve, Options::new().capture_all_headers().capture_all_response_headers());
    assert!(all.get("/ok", &sent).is_some());
    let entries = all.finish(3);
    let captured = &entries[0]["metadata"]["headers"];
    assert_eq!((&captured["x-request-id"], captured["host"].is_string()), (&json!("abc123"), true));
    assert!(!json!(entries).to_string().contains("SECRET"), "{entries:#?}");
}

/// Personal data is logged with the request if it is enabled: address, user agent, query string.
pub fn logs_personal_data_where_it_was_asked_for(serve: Serve) {
    let settings = Options::new().client_ip(true).user_agent(true).query_string(true);
    let site = Site::new(serve, settings);
    assert!(
        site.get("/ok?q=1", &[("user-agent", "test/1.0"), ("x-forwarded-for", "203.0.113.77")]).is_some()
    );
    let metadata = &site.finish(3)[0]["metadata"];
    let logged = [&metadata["ip"], &metadata["user_agent"], &metadata["query"]];
    assert_eq!(logged, ["127.0.0.1", "test/1.0", "q=1"]);
}

/// Concurrent requests with their own traces, tags, users and breadcrumbs never mix.
pub fn keeps_concurrent_requests_apart(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let address = site.server().address();
    thread::scope(|scope| {
        for id in 0..App::BUYERS {
            scope.spawn(move || {
                let parent = format!("00-{:032x}-{:016x}-01", id + 1, id + 1);
                let answer = browser::get(address, &format!("/buy/{id}"), &[("traceparent", &parent)]);
                assert_eq!(answer.map(|answer| answer.status), Some(200));
            });
        }
    });
    let (mut bought, mut answered) = (BTreeSet::new(), BTreeSet::new());
    for entry in site.finish(3 * App::BUYERS) {
        let (message, metadata) = (entry["message"].as_str().unwrap_or_default(), &entry["metadata"]);
        let trace = entry["trace_id"].as_str().and_then(|trace| usize::from_str_radix(trace, 16).ok());
        let id = (trace.expect("every entry has the trace of its request") - 1).to_string();
        assert_eq!(entry["span_id"], format!("{:016x}", id.parse::<usize>().unwrap_or_default() + 1));
        if message != "bought" {
            assert_eq!(metadata["path"], format!("/buy/{id}"));
        }
        if message == "bought" || metadata.get("status").is_some() {
            assert_eq!((&metadata["tags"]["buyer"], &metadata["user"]["id"]), (&json!(id), &json!(id)));
            assert_eq!(metadata["breadcrumbs"].as_array().map(Vec::len), Some(1));
            assert_eq!(metadata["breadcrumbs"][0]["message"], format!("cart of {id}"));
            if message == "bought" {
                bought.insert(id)
            } else {
                answered.insert(id)
            };
        } else {
            assert_eq!((metadata["tags"].get("buyer"), metadata.get("user")), (None, None), "{entry}");
        }
    }
    assert_eq!((bought.len(), answered.len()), (App::BUYERS, App::BUYERS));
}

/// A handler passes its trace on.
pub fn passes_the_trace_on(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let parent = parent();
    let answer = site.get("/outgoing", &[("traceparent", &parent)]).expect("an answer");
    assert_eq!(answer.body, parent);
    let fresh = site.get("/outgoing", &[]).expect("an answer").body;
    assert!(fresh.parse::<logtide_core::TraceParent>().is_ok() && !fresh.contains(TRACE), "{fresh}");
    let foreign = site.get("/outgoing", &[("x-trace-id", "legacy-123")]).expect("an answer").body;
    assert_eq!(foreign, "none", "the id is not of the form");
}

/// A response has an entry with method, path, route, status and duration, at the level of the status.
pub fn logs_a_response_by_its_status(serve: Serve) {
    for (status, level) in
        [(200, "info"), (201, "info"), (204, "info"), (304, "info"), (404, "warn"), (422, "warn")]
    {
        let site = Site::new(serve, Options::new());
        assert_eq!(site.get(&format!("/status/{status}"), &[]).map(|answer| answer.status), Some(status));
        let entries = site.finish(2);
        assert_eq!(entries[0]["message"], format!("GET /status/{status}"));
        let entry = &entries[1];
        assert_eq!(entry["level"], level, "{status}");
        assert_message(entry, &format!("GET /status/{status} {status} ("));
        assert_eq!(entry["metadata"]["method"], "GET");
        assert_eq!(entry["metadata"]["path"], format!("/status/{status}"));
        assert_eq!(entry["metadata"]["status"], status);
        assert!(entry["metadata"]["duration_ms"].is_number());
    }
}

/// The route of a request is logged as a tag and a field.
pub fn knows_the_route(serve: Serve, route: &str) {
    let site = Site::new(serve, Options::new());
    assert!(site.get("/users/7", &[]).is_some());
    let entries = site.finish(3);
    assert_eq!(entries[1]["metadata"]["tags"]["http.route"], route);
    assert_eq!(entries[2]["metadata"]["route"], route);
    assert_eq!(entries[2]["metadata"]["path"], "/users/7");
}

/// A failing request is logged as an error once, with method and path. The response is the same as without the integration.
pub fn logs_a_failure_once(serve: Serve, failure: Failure) {
    let site = Site::new(serve, Options::new());
    let answer = site.get(failure.path, &[]);
    assert_eq!(answer.map(|answer| answer.status), failure.status, "{failure:?}");
    let entries = site.finish(2);
    let entry = &entries[1];
    assert_eq!(entry["level"], "error");
    assert_message(entry, failure.message);
    assert_eq!(
        (&entry["metadata"]["method"], &entry["metadata"]["path"]),
        (&json!("GET"), &json!(failure.path))
    );
    assert_eq!(entry["trace_id"], entries[0]["trace_id"]);
}

/// A failing body is logged as an error once. The framework decides whether the client sees its beginning.
pub fn logs_a_failing_body_once(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let _ = site.get("/breaks", &[]);
    let entry = &site.finish(2)[1];
    assert_eq!((&entry["level"], &entry["message"]), (&json!("error"), &json!("Request error: disk gone")));
    assert_eq!(entry["metadata"]["status"], 200);
}

/// A failed request does not affect the next one, and does not share its trace.
pub fn goes_on_after_a_failure(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let _ = site.get("/panics", &[("x-trace-id", "first")]);
    assert_eq!(site.get("/ok", &[]).map(|answer| answer.status), Some(200));
    for entry in &site.finish(5)[2..] {
        assert_ne!(entry["trace_id"], "first");
    }
}

/// A streamed body is logged once, when it ends, and what it logs belongs to the request.
pub fn logs_a_stream_when_it_ends(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let parent = parent();
    let answer = site.get("/streams", &[("traceparent", &parent)]).expect("an answer");
    assert!(["a", "b", "c"].iter().all(|chunk| answer.body.contains(chunk)), "{answer:?}");
    let entries = site.finish(5);
    assert_eq!(entries.iter().filter(|entry| entry["message"] == "in the body").count(), 3);
    assert!(entries.iter().all(|entry| entry["trace_id"] == TRACE), "{entries:#?}");
    assert_message(&entries[4], "GET /streams 200 (");
}

/// A body that ends before its announced length is logged as an error once. The framework decides whether the client sees its
/// beginning.
pub fn logs_a_short_body_once(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let _ = site.get("/short", &[]);
    let entry = &site.finish(2)[1];
    let message = "Request error: the response body ended after 1 of 10 bytes";
    assert_eq!((&entry["level"], &entry["message"]), (&json!("error"), &json!(message)));
    assert_eq!((&entry["metadata"]["status"], &entry["metadata"]["path"]), (&json!(200), &json!("/short")));
    assert!(entry["metadata"]["duration_ms"].is_number());
}

/// A client that disconnects in the middle of a body is logged once, as a warning.
pub fn logs_a_client_that_hangs_up(serve: Serve) {
    let site = Site::new(serve, Options::new());
    browser::hang_up(site.server().address(), "/endless");
    let entry = &site.finish(2)[1];
    assert_eq!(entry["level"], "warn");
    assert_message(entry, "GET /endless cancelled (");
    assert_eq!(entry["metadata"]["status"], 200);
}

/// A client that disconnects before there is a response is logged once, as a warning.
pub fn logs_a_client_that_does_not_wait(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let request = browser::open(site.server().address(), "GET", "/waits", &[]);
    site.wait_for(1);
    drop(request);
    let entry = &site.finish(2)[1];
    assert_eq!(entry["level"], "warn");
    assert_message(entry, "GET /waits cancelled (");
    assert_eq!(entry["metadata"].get("status"), None);
}

/// A connection that is reset before there is a response is logged once, as a warning.
pub fn logs_a_connection_that_is_reset(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let request = browser::open(site.server().address(), "GET", "/waits", &[]);
    site.wait_for(1);
    browser::reset(request);
    let entry = &site.finish(2)[1];
    assert_eq!(entry["level"], "warn");
    assert_message(entry, "GET /waits cancelled (");
}

/// A handler that completes after its client has disconnected is logged by its status.
pub fn logs_a_handler_that_outlives_its_client(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let request = browser::open(site.server().address(), "GET", "/held", &[]);
    site.wait_for(1);
    drop(request);
    assert_eq!(site.get("/release", &[]).map(|answer| answer.body), Some("released".to_owned()));
    let entries = site.finish(4);
    let ending = entries
        .iter()
        .find(|entry| entry["metadata"]["path"] == "/held" && entry["metadata"].get("status").is_some());
    assert_message(ending.expect("the handler ends"), "GET /held 200 (");
}

/// The response to `HEAD` has no body, and is complete.
pub fn logs_a_head_request(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let answer = browser::send(site.server().address(), "HEAD", "/ok", &[]);
    assert_eq!(answer.map(|answer| (answer.status, answer.body)), Some((200, String::new())));
    let entry = &site.finish(3)[2];
    assert_eq!(entry["level"], "info");
    assert_message(entry, "HEAD /ok 200 (");
}

/// For skipped paths, only the handler's own entries are sent.
pub fn skips_paths(serve: Serve) {
    let site = Site::new(serve, Options::new());
    assert!(site.get("/health", &[("x-trace-id", "probe")]).is_some());
    let entries = site.finish(1);
    assert_eq!(
        (&entries[0]["message"], &entries[0]["trace_id"]),
        (&json!("in the handler"), &json!("probe"))
    );
}

fn assert_message(entry: &Value, start: &str) {
    assert!(
        entry["message"].as_str().is_some_and(|message| message.starts_with(start)),
        "{start}: {entry:#}"
    );
}
