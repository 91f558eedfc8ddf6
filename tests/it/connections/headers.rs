//! Headers that the user adds to every request.

use logtide::{Client, QueryOptions};
use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{TIMEOUT, options},
};

#[test]
fn they_go_with_entries_and_queries_and_are_shown_nowhere() {
    let quoting = Step::Answer {
        status: 500,
        headers: Vec::new(),
        body: r#"{"error":"unknown token hidden-token"}"#.to_owned(),
    };
    let empty = Step::ok(r#"{"logs":[],"total":0,"hasMore":false}"#);
    let server = ScriptedServer::start([quoting, Step::Store, empty]);
    let options = options(&server.url())
        .header("x-tenant", "one")
        .header("Authorization", "Bearer hidden-token")
        .header("X-Tenant", "two")
        .max_retries(0);
    let shown = format!("{options:?}");
    assert!(shown.contains("x-tenant") && !shown.contains("hidden"), "{shown}");
    let client = Client::new(options).unwrap();
    client.info("api", "through a gateway", ());
    let _ = client.flush_blocking(TIMEOUT);
    let told = format!("{:?} {client:?}", client.metrics());
    assert!(told.contains("unknown token ***") && !told.contains("hidden"), "{told}");
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert!(client.query_blocking(QueryOptions::new()).unwrap().logs.is_empty());
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.header("authorization"), Some("Bearer hidden-token"));
        assert_eq!(request.header("x-tenant"), Some("two"));
        assert_eq!(request.header("x-api-key"), Some("lp_k"));
    }
}

#[test]
fn those_that_the_sdk_sets_are_refused() {
    for name in [
        "X-API-Key",
        "content-type",
        "Content-Language",
        "Host",
        "Accept-Encoding",
        "a b",
        "x-token: lp_SECRET",
    ] {
        let options = options("http://h").header(name, "lp_SECRET");
        assert!(!format!("{options:?}").contains("SECRET"), "{options:?}");
        let error = Client::new(options).unwrap_err();
        let told = error.to_string();
        assert!(told.contains("header") && !format!("{told} {error:?}").contains("SECRET"), "{told}");
    }
}
