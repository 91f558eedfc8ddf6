//! Personal data is logged only on request.

use logtide_client::ClientOptions;
use logtide_middleware::{Options, RequestHead};
use serde_json::{Value, json};

use crate::setup::{Server, headers};

/// Serves a request with everything that could be logged, and returns its entries.
fn serve(client: ClientOptions, options: Options) -> Vec<Value> {
    let server = Server::with_client_options(client, options);
    let fields = headers(&[
        ("user-agent", "PRIVATE/1.0"),
        ("x-forwarded-for", "203.0.113.77"),
        ("referer", "http://PRIVATE"),
    ]);
    let head = RequestHead::new("GET", "/search", &fields)
        .query(Some("q=PRIVATE"))
        .client_ip(Some([203, 0, 113, 9].into()));
    let _ = server.log.begin(&head).respond(200, &fields, Some(0));
    server.entries()
}

fn client() -> ClientOptions {
    ClientOptions::new("http://localhost", "lp_k")
}

#[test]
fn by_default_nothing_personal_is_logged() {
    let entries = serve(client(), Options::new());
    let text = json!(entries).to_string();
    assert!(!text.contains("PRIVATE") && !text.contains("203.0.113"), "{text}");
    let keys: Vec<_> = entries[0]["metadata"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["method", "path", "sdk", "tags"]);
}

#[test]
fn what_was_asked_for_is_logged_with_the_request() {
    let entries = serve(client(), Options::new().client_ip(true).user_agent(true).query_string(true));
    let metadata = &entries[0]["metadata"];
    assert_eq!(metadata["ip"], "203.0.113.9", "the connection's, not what a header says");
    assert_eq!(metadata["user_agent"], "PRIVATE/1.0");
    assert_eq!(metadata["query"], "q=PRIVATE");
    assert_eq!(metadata["path"], "/search");
}

#[test]
fn the_clients_option_adds_address_and_user_agent_but_no_query_string() {
    let entries = serve(client().send_default_pii(true), Options::new());
    let metadata = &entries[0]["metadata"];
    assert_eq!(
        (metadata["ip"].as_str(), metadata["user_agent"].as_str()),
        (Some("203.0.113.9"), Some("PRIVATE/1.0"))
    );
    assert_eq!(metadata.get("query"), None);
}

#[test]
fn what_was_turned_off_stays_off_whatever_the_client_says() {
    let entries = serve(client().send_default_pii(true), Options::new().client_ip(false));
    let metadata = &entries[0]["metadata"];
    assert_eq!((metadata.get("ip"), metadata["user_agent"].as_str()), (None, Some("PRIVATE/1.0")));
    let entries = serve(client().send_default_pii(true), Options::new().user_agent(false));
    let metadata = &entries[0]["metadata"];
    assert_eq!((metadata["ip"].as_str(), metadata.get("user_agent")), (Some("203.0.113.9"), None));
}

#[test]
fn without_an_entry_of_the_request_the_last_one_has_what_was_asked_for() {
    let asked = || Options::new().log_requests(false).client_ip(true).user_agent(true).query_string(true);
    let entries = serve(client(), asked().capture_headers(["referer"]));
    assert_eq!(entries.len(), 1);
    let metadata = &entries[0]["metadata"];
    assert_eq!((&metadata["ip"], &metadata["user_agent"]), (&json!("203.0.113.9"), &json!("PRIVATE/1.0")));
    assert_eq!(
        (&metadata["query"], &metadata["headers"]),
        (&json!("q=PRIVATE"), &json!({"referer": "http://PRIVATE"}))
    );
    assert_eq!((&metadata["status"], &metadata["path"]), (&json!(200), &json!("/search")));
    let entries = serve(client(), Options::new().log_requests(false));
    let text = json!(entries).to_string();
    assert!(!text.contains("PRIVATE") && !text.contains("203.0.113"), "{text}");
}

#[test]
fn a_failure_that_is_logged_alone_has_what_was_asked_for_too() {
    let settings = Options::new().log_requests(false).log_responses(false).capture_headers(["referer"]);
    let server = Server::new(settings);
    server.begin_with("GET", "/", &headers(&[("referer", "http://there")])).fail(None, &std::fmt::Error);
    assert_eq!(server.last(1)["metadata"]["headers"], json!({"referer": "http://there"}));
}
