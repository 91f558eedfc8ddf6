//! Heartbeats of monitors.

use std::time::Duration;

use logtide_devserver::DevServer;
use serde_json::json;

use crate::client::{Answer, Client};

fn beat(client: &mut Client, monitor: &str) -> Answer {
    client.request("POST", &format!("/api/v1/monitors/{monitor}/heartbeat"), &[], b"").expect("an answer")
}

#[test]
fn a_known_monitor_takes_heartbeats_from_any_key() {
    let server = DevServer::builder().monitor("nightly").start().expect("the server starts");
    server.add_monitor("hourly");
    for key in [server.api_key(), server.write_key()] {
        let mut client = Client::with_key(server.address(), Some(key));
        let answer = beat(&mut client, "nightly");
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        assert_eq!(beat(&mut client, "hourly").status, 204);
    }
    assert_eq!((server.heartbeats("nightly"), server.heartbeats("hourly")), (2, 2));
    server.reset();
    assert_eq!(server.heartbeats("nightly"), 0);
    assert_eq!(beat(&mut Client::new(&server), "nightly").status, 204, "monitors stay");
}

#[test]
fn an_unknown_monitor_is_an_error_of_the_server() {
    let server = DevServer::start().expect("the server starts");
    let answer = beat(&mut Client::new(&server), "nobody");
    let body = json!({"statusCode": 500, "error": "Internal Server Error"});
    assert_eq!((answer.status, answer.json()), (500, body));
    assert_eq!(beat(&mut Client::with_key(server.address(), None), "nobody").status, 401);
    assert_eq!(server.heartbeats("nobody"), 0);
}

#[test]
fn heartbeats_have_a_limit_of_their_own() {
    let builder = DevServer::builder().monitor("nightly").rate_limit(1, Duration::from_secs(600));
    let server = builder.start().expect("the server starts");
    let mut client = Client::new(&server);
    let answers: Vec<_> = (0..601).map(|_| beat(&mut client, "nightly")).collect();
    assert_eq!(answers[0].header("x-ratelimit-limit"), Some("600"));
    let taken = answers.iter().filter(|answer| answer.status == 204).count();
    assert_eq!((taken, answers[600].status), (600, 429));
    assert!(answers[600].header("retry-after").is_some());
    assert_eq!(server.heartbeats("nightly"), 600);
}

#[test]
fn monitors_can_be_added_from_outside() {
    let server = DevServer::start().expect("the server starts");
    let mut control = Client::with_key(server.address(), None);
    for body in ["", "{}", r#"{"name":"x"}"#] {
        let refused = control.request("POST", "/_dev/monitors", &[], body.as_bytes()).expect("an answer");
        assert_eq!(refused.status, 400, "{body}");
    }
    let added = control.request("POST", "/_dev/monitors", &[], br#"{"id":"nightly"}"#).expect("an answer");
    assert_eq!(added.json(), json!({"monitors": [{"id": "nightly", "heartbeats": 0}]}));
    beat(&mut Client::new(&server), "nightly");
    let listed = control.get("/_dev/monitors").json();
    assert_eq!(listed, json!({"monitors": [{"id": "nightly", "heartbeats": 1}]}));
}
