//! The control API.

use logtide_devserver::{DevServer, Fault};
use serde_json::{Value, json};

use crate::client::{Client, numbered};

#[test]
fn faults_are_set_listed_and_cleared() {
    let server = DevServer::start().expect("the server starts");
    let mut control = Client::with_key(server.address(), None);
    for (rule, status) in [
        (json!({"fault": {"status": 503}, "when": {"next": 1}}), 503),
        (json!({"fault": {"rate_limited": {"retry_after_seconds": 3}}, "when": {"next": 1}}), 429),
        (json!({"fault": "quota_exceeded", "target": "ingest", "when": {"probability": 1.0}}), 429),
        (json!({"fault": {"reject_message": "message"}, "target": "all", "when": "always"}), 400),
        (json!({"fault": {"slow_milliseconds": 1}, "when": "always"}), 200),
        (json!({"fault": {"refuse_over": 5}, "when": "always"}), 413),
    ] {
        let set =
            control.request("POST", "/_dev/faults", &[], rule.to_string().as_bytes()).expect("an answer");
        assert_eq!((set.status, &set.json()["faults"][0]["fault"]), (200, &rule["fault"]), "{}", set.text);
        assert_eq!(Client::new(&server).ingest(&numbered(1)).status, status, "{rule}");
        let cleared = control.request("DELETE", "/_dev/faults", &[], b"").expect("an answer");
        assert_eq!(cleared.json(), json!({"faults": []}));
    }
    for fault in ["hang", "reset", "store_then_reset", "close_after_answer"] {
        let rule = json!({"fault": fault, "when": "always"}).to_string();
        let set = control.request("POST", "/_dev/faults", &[], rule.as_bytes()).expect("an answer");
        assert_eq!(set.status, 200, "{fault}");
    }
    assert_eq!(control.get("/_dev/faults").json()["faults"].as_array().map(Vec::len), Some(4));
    for wrong in ["", "{}", r#"{"fault":"melt","when":"always"}"#] {
        let refused = control.request("POST", "/_dev/faults", &[], wrong.as_bytes()).expect("an answer");
        assert_eq!(refused.status, 400, "{wrong}");
    }
}

#[test]
fn what_was_stored_can_be_asked_for_and_forgotten() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Status(503)).next(1);
    for _ in 0..2 {
        Client::new(&server).ingest(&numbered(2));
    }
    let mut control = Client::with_key(server.address(), None);
    let entries = control.get("/_dev/entries").json();
    assert_eq!((&entries["count"], &entries["entries"][1]["message"]), (&json!(2), &json!("message 1")));
    let requests = control.get("/_dev/requests").json();
    assert_eq!(requests["by_status"], json!({"200": 1, "503": 1}));
    assert_eq!(
        (&requests["ingest"][0]["status"], &requests["ingest"][0]["entries"]),
        (&json!(503), &json!(2))
    );
    assert_eq!(control.request("POST", "/_dev/reset", &[], b"").expect("an answer").status, 200);
    assert_eq!(control.get("/_dev/entries").json(), json!({"count": 0, "entries": []}));
    assert_eq!(control.get("/_dev/requests").json()["total"], 0);
    assert_eq!(Client::new(&server).get("/api/v1/logs").json()["logs"], Value::Array(Vec::new()));
    let stream = control.request("POST", "/_dev/stream", &[], br#"{"loss":false}"#).expect("an answer");
    assert_eq!((stream.status, stream.text.as_str()), (200, r#"{"loss":false}"#));
}
