//! Untrusted traces, see [`Options::trust_incoming_traces`].

use logtide_core::TraceId;
use logtide_middleware::Options;
use serde_json::Value;

use super::{SPAN, Serve, Site, TRACE, parent};
use crate::setup::options;

/// A request starts a new trace, and only its first entry and a link of its span keep the incoming one. Nothing that came in is
/// passed on, and the caller's sampling decision is ignored.
pub fn starts_a_trace_where_the_callers_is_not_trusted(serve: Serve) {
    let unsampled = format!("00-{TRACE}-{SPAN}-00");
    let headers = [("traceparent", &*unsampled), ("tracestate", "a=1"), ("baggage", "user=7")];
    for spans in [false, true] {
        let settings = Options::new().trust_incoming_traces(false).spans(spans);
        let site = Site::new(serve, settings);
        let outgoing = site.get("/outgoing", &headers).expect("an answer").body;
        let (entries, sent) = site.finish_with_spans(2, usize::from(spans));
        let trace = trace_of(&entries);
        assert_ne!(trace, TRACE);
        assert!(outgoing.starts_with(&format!("00-{trace}-")) && outgoing.ends_with("-01"), "{outgoing}");
        assert_eq!(outgoing.lines().count(), 1, "{outgoing}");
        assert_kept(&entries, TRACE, Some(SPAN));
        for span in sent {
            assert_eq!((&*span.trace_id, &*span.parent, &*span.trace_state), (trace, "", ""));
            assert_eq!(span.links, [(TRACE.to_owned(), SPAN.to_owned())]);
        }
    }
}

/// The same for ids of any form. Nothing is kept if nothing came in.
pub fn keeps_an_id_of_any_form_that_is_not_trusted(serve: Serve) {
    let site = Site::new(serve, Options::new().trust_incoming_traces(false));
    assert!(site.get("/ok", &[("x-trace-id", "legacy-123")]).is_some());
    let entries = site.finish(3);
    trace_of(&entries);
    assert_kept(&entries, "legacy-123", None);

    let site = Site::new(serve, Options::new().trust_incoming_traces(false));
    assert!(site.get("/ok", &[]).is_some());
    let entries = site.finish(3);
    trace_of(&entries);
    assert_eq!(entries[0]["metadata"].get("incoming_trace_id"), None);

    let sampled = options("http://localhost").traces_sample_rate(0.0);
    let settings = Options::new().trust_incoming_traces(false).spans(true);
    let site = Site::with_client_options(serve, sampled, settings);
    assert!(site.get("/ok", &[("traceparent", &parent())]).is_some());
    let _ = site.finish_with_spans(3, 0);
}

/// Returns the trace of all entries of one request, which has the W3C form.
fn trace_of(entries: &[Value]) -> &str {
    let trace = entries[0]["trace_id"].as_str().expect("a request has a trace");
    assert!(trace.parse::<TraceId>().is_ok(), "{trace}");
    assert!(entries.iter().all(|entry| entry["trace_id"] == trace), "{entries:#?}");
    trace
}

/// Asserts that only the first entry has the incoming ids.
fn assert_kept(entries: &[Value], trace: &str, span: Option<&str>) {
    let metadata = &entries[0]["metadata"];
    assert_eq!(
        (&metadata["incoming_trace_id"], metadata["incoming_span_id"].as_str()),
        (&trace.into(), span)
    );
    assert!(entries[1..].iter().all(|entry| entry["metadata"].get("incoming_trace_id").is_none()));
}
