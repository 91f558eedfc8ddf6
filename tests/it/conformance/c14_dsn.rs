//! Address and key in one value.

use std::sync::Arc;

use logtide_client::{Client, ClientOptions, OptionsError};
use logtide_tests::{
    scripted::ScriptedServer,
    setup::{TIMEOUT, client},
};
use logtide_transport::{HttpOptions, MemoryTransport};

#[test]
fn c14_a_dsn_holds_address_base_path_and_key() {
    for (dsn, url, key) in [
        ("https://lp_abc123@logs.example.com", "https://logs.example.com/api/v1/ingest", "lp_abc123"),
        ("http://lp_k@localhost:8080", "http://localhost:8080/api/v1/ingest", "lp_k"),
        ("http://lp_k@localhost:8080/logtide", "http://localhost:8080/logtide/api/v1/ingest", "lp_k"),
        ("http://lp_k@localhost:8080/api/", "http://localhost:8080/api/api/v1/ingest", "lp_k"),
        ("http://key@localhost:9000/v2", "http://localhost:9000/v2/api/v1/ingest", "key"),
        ("http://key@[::1]:9000///", "http://[::1]:9000/api/v1/ingest", "key"),
    ] {
        let transport = MemoryTransport::new();
        let options = ClientOptions::from_dsn(dsn).unwrap_or_else(|error| panic!("{dsn}: {error}"));
        let client = Client::with_transport(options, Arc::new(transport.clone())).expect(dsn);
        client.info("svc", "hello", ());
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        let request = transport.requests().remove(0);
        assert_eq!(request.uri.to_string(), url, "{dsn}");
        assert_eq!(request.headers["x-api-key"], key, "{dsn}");
    }
}

#[test]
fn c14_a_dsn_is_all_that_a_client_needs() {
    let server = ScriptedServer::start([]);
    let dsn = server.url().replace("://", "://lp_dsn@") + "/logtide";
    let options = ClientOptions::from_dsn(&dsn).expect("the DSN works").http(HttpOptions::new().no_proxy());
    let client = client(options);
    client.info("svc", "hello", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let request = server.requests().remove(0);
    assert_eq!(
        (request.path.as_str(), request.header("x-api-key")),
        ("/logtide/api/v1/ingest", Some("lp_dsn"))
    );
}

#[test]
fn c14_a_bad_dsn_is_refused_when_it_is_built_and_never_shown() {
    for dsn in [
        "",
        "not-a-dsn",
        "lp_SECRET",
        "lp_SECRET@logs.example.com",
        "ftp://lp_SECRET@host",
        "https://logs.example.com",
        "https://@logs.example.com",
        "https://lp_SECRET@",
        "https://lp_SECRET@:80",
        "https://lp_SECRET@ho st",
        "https://lp_SECRET@host:99999",
        "https://lp_SECRET @host",
    ] {
        let refused = ClientOptions::from_dsn(dsn).map(|_| ()).expect_err(dsn);
        assert!(!format!("{refused} {refused:?}").contains("SECRET"), "{dsn}");
    }
}

#[test]
fn c14_an_address_without_a_key_or_a_key_without_an_address_is_refused() {
    for (url, key) in
        [("http://localhost", ""), ("http://localhost", "  "), ("", "lp_k"), ("localhost", "lp_k")]
    {
        let refused = Client::new(ClientOptions::new(url, key)).map(|_| ());
        assert!(matches!(refused, Err(OptionsError::Endpoint(_))), "{url} {key}");
    }
}
