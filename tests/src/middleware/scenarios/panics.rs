//! Panics of handlers.

use logtide_middleware::Options;
use serde_json::{Value, json};

use crate::middleware::{Serve, Site};

/// A panic of a handler is one exception with its location and frames, by which the server groups panics. It is in the entry of
/// the request, or in that of the client's panic hook if there is one.
pub fn logs_a_panic_as_one_exception(serve: Serve) {
    let site = Site::new(serve, Options::new());
    let _ = site.get("/panics", &[]);
    let entries = site.finish(2);
    assert_frames(&entries[1]);
    assert_request(&entries[1], &entries[0]);

    let site = Site::new(serve, Options::new());
    site.client().install_panic_hook();
    let _ = site.get("/panics", &[("x-trace-id", "hooked")]);
    // A hook also logs the panics of other tests in this process.
    let mut entries = site.stop();
    entries.retain(|entry| entry["trace_id"] == "hooked");
    assert_eq!(entries.len(), 3, "{entries:#?}");
    assert_eq!((&entries[1]["level"], &entries[2]["level"]), (&json!("critical"), &json!("error")));
    assert_frames(&entries[1]);
    assert_eq!(entries[1]["metadata"]["tags"]["http.method"], "GET");
    assert_eq!(entries[1]["trace_id"], entries[0]["trace_id"]);
    assert_request(&entries[2], &entries[0]);
    let ending = &entries[2]["metadata"];
    assert_eq!((ending.get("exception"), ending.get("error")), (None, None), "{ending:#}");
    assert_eq!(ending["panic"], entries[1]["metadata"]["panic"]);
}

/// Asserts that the panic has a location, and frames that begin with the handler.
fn assert_frames(entry: &Value) {
    let metadata = &entry["metadata"];
    let exception = &metadata["exception"];
    assert_eq!(exception["type"], "panic", "{entry:#}");
    let first = &exception["stacktrace"][0];
    assert!(first["function"].as_str().is_some_and(|function| function.contains("panics")), "{exception:#}");
    let place = metadata["panic"]["location"].as_str().expect("a panic has a place");
    let file = first["file"].as_str().expect("a frame has a file");
    let line = first["line"].as_u64().expect("a frame has a line");
    assert!(place.contains(&format!("{file}:{line}:")), "{place} {first}");
}

/// Asserts that the entry describes the end of the request.
fn assert_request(ending: &Value, request: &Value) {
    assert_eq!(ending["message"], "Request error: panicked: expected in this test");
    let metadata = &ending["metadata"];
    assert_eq!((&metadata["method"], &metadata["path"]), (&json!("GET"), &json!("/panics")));
    assert!(metadata["duration_ms"].is_number());
    assert_eq!(ending["trace_id"], request["trace_id"]);
}
