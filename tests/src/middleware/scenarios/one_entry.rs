//! Requests that are one entry each, see [`Options::log_requests`].

use logtide_middleware::Options;
use serde_json::json;

use crate::middleware::{Serve, Site, browser};

/// Without the first entry, a request has exactly one entry, which includes the fields of the first.
pub fn is_one_entry_a_request_on_request(serve: Serve) {
    let settings = || {
        let settings = Options::new().log_requests(false).trust_incoming_traces(false);
        settings
            .query_string(true)
            .user_agent(true)
            .client_ip(true)
            .capture_headers(["x-request-id", "cookie"])
    };
    let headers =
        [("user-agent", "test/1.0"), ("x-request-id", "abc"), ("cookie", "SECRET"), ("x-trace-id", "t-1")];
    for (path, message, status) in [
        ("/status/204?q=1", "GET /status/204 204 (", Some(204)),
        ("/status/404?q=1", "GET /status/404 404 (", Some(404)),
        ("/panics?q=1", "Request error: panicked: expected in this test", None),
    ] {
        let site = Site::new(serve, settings());
        let _ = site.get(path, &headers);
        let entry = &site.finish(1)[0];
        super::assert_message(entry, message);
        let metadata = &entry["metadata"];
        assert_eq!(metadata["status"].as_u64(), status, "{entry:#}");
        assert!(metadata["duration_ms"].is_number());
        assert_eq!(metadata["method"], "GET");
        for (key, value) in [
            ("query", json!("q=1")),
            ("user_agent", json!("test/1.0")),
            ("ip", json!("127.0.0.1")),
            ("headers", json!({"x-request-id": "abc"})),
            ("incoming_trace_id", json!("t-1")),
        ] {
            assert_eq!(metadata[key], value, "{key}: {entry:#}");
        }
    }

    let site = Site::new(serve, settings());
    browser::hang_up(site.server().address(), "/endless?q=1");
    let entry = &site.finish(1)[0];
    super::assert_message(entry, "GET /endless cancelled (");
    assert_eq!((&entry["metadata"]["query"], &entry["metadata"]["ip"]), (&json!("q=1"), &json!("127.0.0.1")));

    // With both entries, only the first has them.
    let site = Site::new(serve, settings().log_requests(true));
    let _ = site.get("/status/204?q=1", &headers);
    let entries = site.finish(2);
    for key in ["query", "user_agent", "ip", "headers", "incoming_trace_id"] {
        let has = [0, 1].map(|index: usize| entries[index]["metadata"].get(key).is_some());
        assert_eq!(has, [true, false], "{key}");
    }
}
