//! Addresses, keys and headers that work, and those that do not.

use super::*;

fn url(api_url: &str) -> Result<String, EndpointError> {
    Endpoint::new(api_url, ApiKey::new("lp_key")).map(|endpoint| endpoint.url().to_owned())
}

#[test]
fn the_usual_ways_to_write_an_address_work() {
    for (given, expected) in [
        ("http://localhost:8080", "http://localhost:8080"),
        (" https://logs.example.org// ", "https://logs.example.org"),
        ("HTTPS://Logs.example.org/logtide/", "https://Logs.example.org/logtide"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://localhost:8080/api/v1/ingest", "http://localhost:8080"),
        ("http://localhost/logtide/api/v1/ingest/", "http://localhost/logtide"),
    ] {
        assert_eq!(url(given).unwrap(), expected, "{given}");
    }
}

#[test]
fn an_unusable_address_says_what_is_wrong() {
    use EndpointError::{Host, Invalid, Query, Scheme, UserInfo};
    type Expected = fn(&EndpointError) -> bool;
    let cases: [(&str, Expected); 11] = [
        ("", |error| matches!(error, Scheme)),
        ("localhost:8080", |error| matches!(error, Scheme)),
        ("ftp://localhost", |error| matches!(error, Scheme)),
        ("http://", |error| matches!(error, Host)),
        ("http:///path", |error| matches!(error, Host)),
        ("http://host:99999", |error| matches!(error, Host | Invalid(_))),
        ("http://host:0", |error| matches!(error, Host)),
        ("http://user:pass@host", |error| matches!(error, UserInfo)),
        ("http://host/?projectId=1", |error| matches!(error, Query)),
        ("http://host/#top", |error| matches!(error, Query)),
        ("http://host name", |error| matches!(error, Invalid(_))),
    ];
    for (given, expected) in cases {
        let error = url(given).unwrap_err();
        assert!(expected(&error), "{given}: {error:?}");
        assert!(!error.to_string().contains("pass@"));
    }
}

#[test]
fn a_key_that_cannot_be_sent_is_refused_without_showing_it() {
    let refused = |key: &str| Endpoint::new("http://localhost", ApiKey::new(key)).unwrap_err();
    assert!(matches!(refused(" "), EndpointError::EmptyKey));
    for key in ["lp_a\nb", "lp_ключ", "lp a"] {
        let error = refused(key);
        assert!(matches!(error, EndpointError::UnsendableKey));
        assert!(!format!("{error} {error:?}").contains(key));
    }
}

#[test]
fn the_key_is_in_its_header_and_nowhere_else() {
    let endpoint = Endpoint::new("http://localhost:8080", ApiKey::new("lp_secret")).unwrap();
    let request = endpoint.request(Method::GET, "/api/v1/logs?q=%20").unwrap();
    assert_eq!(request.headers["x-api-key"], "lp_secret");
    assert!(request.headers["user-agent"].to_str().unwrap().starts_with("logtide-rust/"));
    assert!(!format!("{endpoint:?} {request:?}").contains("secret"));
}

#[test]
fn a_collector_gets_its_own_headers_and_no_key() {
    let headers = [("authorization", "Bearer secret"), ("X-Scope-OrgID", "one")];
    for url in ["http://localhost:4318", "http://localhost:4318/v1/logs/", "http://localhost:4318/v1/traces"]
    {
        let endpoint = Endpoint::for_collector(url, headers).unwrap();
        let request = endpoint.request(Method::POST, "/v1/logs").unwrap();
        assert_eq!(request.uri, "http://localhost:4318/v1/logs");
        assert_eq!(request.headers["authorization"], "Bearer secret");
        assert_eq!(request.headers["x-scope-orgid"], "one");
        assert!(!request.headers.contains_key("x-api-key"));
        assert!(!format!("{endpoint:?} {request:?}").contains("secret"));
    }
    for (name, value) in [("a b", "c"), ("", "c"), ("a", "secret\n")] {
        let error =
            Endpoint::for_collector("http://localhost", [(name, value), ("b", "\u{7f}")]).unwrap_err();
        assert!(matches!(error, EndpointError::Header { .. }), "{error}");
        assert!(!error.to_string().contains("secret"));
    }
}

#[test]
fn a_path_that_is_no_path_is_not_sent() {
    let endpoint = Endpoint::new("http://localhost:8080", ApiKey::new("lp_secret")).unwrap();
    for path in ["", "api", "@evil.example/", "/white space"] {
        let error = endpoint.request(Method::GET, path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{path}");
    }
}

#[test]
fn a_new_key_goes_with_the_requests_made_from_then_on_whichever_clone_makes_them() {
    let endpoint = Endpoint::new("http://localhost:8080", ApiKey::new("lp_first")).unwrap();
    let clone = endpoint.clone();
    let mut before = clone.request(Method::GET, "/").unwrap();
    endpoint.set_api_key(&ApiKey::new(" lp_second\n")).unwrap();
    assert_eq!(before.headers["x-api-key"], "lp_first");
    assert_eq!(clone.request(Method::GET, "/").unwrap().headers["x-api-key"], "lp_second");
    before.refresh();
    assert_eq!(before.headers["x-api-key"], "lp_second");
    assert!(!format!("{endpoint:?} {before:?}").contains("second"));
    for (key, unusable) in [("", EndpointError::EmptyKey), ("lp SECRET", EndpointError::UnsendableKey)] {
        let error = endpoint.set_api_key(&ApiKey::new(key)).unwrap_err();
        assert_eq!(error.to_string(), unusable.to_string());
    }
    assert_eq!(clone.request(Method::GET, "/").unwrap().headers["x-api-key"], "lp_second");
    let collector = Endpoint::for_collector("http://localhost:4318", []).unwrap();
    assert!(matches!(collector.set_api_key(&ApiKey::new("lp_key")), Err(EndpointError::NoKey)));
}

#[test]
fn headers_of_the_user_go_with_every_request_and_are_not_shown() {
    let headers = [
        ("X-Tenant", "one"),
        (" Authorization ", " Bearer hidden "),
        ("x-tenant", "two"),
        ("User-Agent", "mine"),
    ];
    let endpoint = Endpoint::with_headers("http://localhost", ApiKey::new("lp_key"), headers).unwrap();
    let request = endpoint.request(Method::GET, "/").unwrap();
    assert_eq!(request.headers["x-tenant"], "two");
    assert_eq!(request.headers["authorization"], "Bearer hidden");
    assert_eq!(request.headers["user-agent"], "mine");
    assert_eq!(request.headers["x-api-key"], "lp_key");
    assert!(!format!("{endpoint:?} {request:?}").contains("hidden"));
    let transport = crate::MemoryTransport::new();
    let secrets = request.secrets(&transport);
    assert!(
        secrets.contains(&"hidden") && secrets.contains(&"lp_key"),
        "a gateway may quote the token alone"
    );
    assert!(!secrets.contains(&"two"), "it would be blotted out of every sentence");
}

#[test]
fn headers_that_the_sdk_sets_are_refused() {
    for name in [
        "X-API-Key",
        "x-api-key",
        "Host",
        "content-length",
        "Content-Type",
        "content-language",
        "accept",
        "accept-encoding",
        "Accept-Language",
        "Connection",
    ] {
        let made = Endpoint::with_headers("http://h", ApiKey::new("lp_key"), [(name, "hidden")]);
        let error = made.unwrap_err();
        assert!(matches!(error, EndpointError::OwnHeader { .. }), "{name}: {error}");
        assert!(!format!("{error} {error:?}").contains("hidden"));
        let collector = Endpoint::for_collector("http://h", [(name, "hidden")]);
        assert_eq!(collector.is_ok(), name.eq_ignore_ascii_case("x-api-key"), "{name}");
    }
}

#[test]
fn a_whole_header_that_was_given_as_a_name_is_refused_without_its_value() {
    for name in ["Authorization: Bearer hidden", "authorization:hidden", "x-token=hidden\t", "Bearer hidden"]
    {
        let made = Endpoint::with_headers("http://h", ApiKey::new("lp_key"), [(name, "")]);
        let error = made.unwrap_err();
        assert!(matches!(error, EndpointError::Header { .. }), "{name}: {error}");
        assert!(!format!("{error} {error:?}").contains("hidden"), "{error}");
    }
}
