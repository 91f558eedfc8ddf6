//! Personal data is sent only if enabled, and the key only in its header.

use logtide_client::{Client, ClientOptions, integration::Integration};
use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{TIMEOUT, client, options},
};
use serde_json::json;

const KEY: &str = "lp_SECRET0123456789";

#[test]
fn c16_a_log_carries_what_was_given_and_nothing_about_the_machine_or_the_user() {
    let server = ScriptedServer::start([]);
    let client = client(options(&server.url()));
    client.info("svc", "hello", json!({"k": 1}));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let request = server.requests().remove(0);
    let mut headers: Vec<_> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    headers.sort_unstable();
    assert_eq!(headers, ["content-length", "content-type", "host", "user-agent", "x-api-key"]);
    let agent = format!("logtide-rust/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(agent.as_str()));
    let mut entry = request.entries().remove(0);
    entry["time"].take();
    assert_eq!(
        entry,
        json!({
            "time": null, "service": "svc", "level": "info", "message": "hello",
            "metadata": {"k": 1, "sdk": {"name": "logtide-rust", "version": env!("CARGO_PKG_VERSION")}},
        })
    );
}

#[test]
fn c16_the_key_is_in_its_header_and_nowhere_else() {
    let server = ScriptedServer::start([Step::status(401), Step::Garbage]);
    let options = ClientOptions::new(server.url(), KEY).max_retries(1);
    let client = client(options);
    let mut told =
        vec![format!("{client:?} {:?} {:?}", Integration::of(&client).endpoint(), client.service("svc"))];
    for _ in 0..2 {
        client.info("svc", "hello", ());
        told.push(client.flush_blocking(TIMEOUT).to_string());
        told.push(format!("{} {:?}", client.metrics(), client.metrics()));
    }
    for request in server.requests() {
        assert_eq!(request.header("x-api-key"), Some(KEY));
        let others = request.headers.iter().filter(|(name, _)| name != "x-api-key");
        told.push(format!("{} {:?}", request.path, others.collect::<Vec<_>>()));
        told.push(String::from_utf8(request.body).expect("a body is UTF-8"));
    }
    assert!(told.iter().all(|text| !text.contains("SECRET")), "{told:?}");
}

#[test]
fn c16_no_error_and_no_debug_form_of_options_shows_the_key() {
    for (url, key) in [
        (format!("http://{KEY}@localhost"), KEY.to_owned()),
        (format!("{KEY}@localhost"), KEY.to_owned()),
        ("http://localhost:port".to_owned(), KEY.to_owned()),
        ("http://localhost?key".to_owned(), KEY.to_owned()),
        ("http://localhost".to_owned(), format!("{KEY} {KEY}")),
        ("http://localhost".to_owned(), format!("{KEY}\n{KEY}")),
    ] {
        let options = ClientOptions::new(url, key);
        let mut told = format!("{options:?}");
        let error = Client::new(options).map(|_| ()).expect_err("the options do not work");
        let mut next: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = next {
            told += &format!(" {error} {error:?}");
            next = error.source();
        }
        assert!(!told.contains("SECRET"), "{told}");
    }
}
