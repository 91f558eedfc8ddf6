//! Keys that change while a client runs.

use std::time::Duration;

use logtide::{Client, QueryOptions, StreamEvent, StreamOptions};
use logtide_devserver::DevServer;
use logtide_tests::{
    scripted::{Recorded, ScriptedServer, Step},
    setup::{TIMEOUT, options, options_for},
};

fn keys(requests: &[Recorded]) -> Vec<&str> {
    requests.iter().map(|request| request.header("x-api-key").unwrap_or_default()).collect()
}

#[test]
fn what_a_revoked_key_held_up_is_delivered_with_the_next() {
    let server = DevServer::start().unwrap();
    let client = Client::new(options(server.url())).unwrap();
    client.info("api", "with a revoked key", ());
    // The flush returns when the circuit breaker opens.
    assert_eq!(client.flush_blocking(TIMEOUT).pending, 1);
    client.set_api_key(format!(" {}\n", server.api_key())).unwrap();
    let report = client.close_blocking(TIMEOUT);
    assert!(report.is_complete() && report.delivered == 1, "{report}");
    assert_eq!(server.stored_count(), 1);
    assert!(!format!("{client:?}").contains(server.api_key()));
}

#[test]
fn every_handle_reads_and_writes_with_the_new_key() {
    let server = DevServer::start().unwrap();
    let client = Client::new(options(server.url())).unwrap();
    let (clone, service) = (client.clone(), client.service("api"));
    assert!(clone.query_blocking(QueryOptions::new()).unwrap_err().to_string().contains("key"));
    client.set_api_key(server.api_key()).unwrap();
    service.info("with a good key", ());
    assert!(clone.flush_blocking(TIMEOUT).is_complete());
    assert_eq!(clone.query_blocking(QueryOptions::new()).unwrap().logs.len(), 1);
}

#[test]
fn a_live_tail_connects_again_with_the_new_key() {
    let stream = Step::Answer {
        status: 200,
        headers: vec![("content-type", "text/event-stream".to_owned())],
        body: "data: {\"type\":\"connected\"}\n\n".to_owned(),
    };
    let server = ScriptedServer::start([stream, Step::status(401)]);
    let client = Client::new(options(&server.url())).unwrap();
    let rotated = client.clone();
    let options = StreamOptions::new().reconnect_delay(Duration::from_millis(1)).on_event(move |event| {
        if let StreamEvent::Disconnected { .. } = event {
            rotated.set_api_key("lp_next").unwrap();
        }
    });
    let last = client.stream_blocking(options).last().unwrap().unwrap_err();
    assert!(last.is_final(), "{last}");
    assert_eq!(keys(&server.requests()), ["lp_k", "lp_next"]);
}

#[test]
fn a_key_that_cannot_be_sent_leaves_the_former_one() {
    let server = DevServer::start().unwrap();
    let client = Client::new(options_for(&server)).unwrap();
    for key in ["", " ", "lp SECRET", "lp_SECRET\n\n1"] {
        let error = client.set_api_key(key).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("SECRET"));
    }
    assert!(client.query_blocking(QueryOptions::new()).is_ok());
    let collector = logtide::ClientOptions::for_collector(logtide::Wire::otlp(server.url()));
    let error = Client::new(collector).unwrap().set_api_key("lp_key").unwrap_err();
    assert!(error.to_string().contains("collector"), "{error}");
}
