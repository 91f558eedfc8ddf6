//! Address and key from the environment.

use std::sync::Arc;

use logtide_client::{Client, ClientOptions, EnvError};
use logtide_tests::setup::TIMEOUT;
use logtide_transport::MemoryTransport;

fn from(variables: &[(&str, &str)]) -> Result<ClientOptions, EnvError> {
    ClientOptions::from_variables(|name| {
        variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

/// Returns the address and the key of a client with these variables.
fn target(variables: &[(&str, &str)]) -> (String, String) {
    let transport = MemoryTransport::new();
    let options = from(variables).expect("the variables work");
    let client = Client::with_transport(options, Arc::new(transport.clone())).expect("the options work");
    client.info("svc", "hello", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let request = transport.requests().remove(0);
    let key = request.headers["x-api-key"].to_str().expect("a key is text");
    (request.uri.to_string(), key.to_owned())
}

const URL: (&str, &str) = ("LOGTIDE_API_URL", "http://localhost:8080/base/");
const KEY: (&str, &str) = ("LOGTIDE_API_KEY", "lp_key");
const DSN: (&str, &str) = ("LOGTIDE_DSN", "https://lp_dsn@logs.example.com");

#[test]
fn c14_the_environment_names_the_server_and_a_dsn_wins() {
    let by_key = ("http://localhost:8080/base/api/v1/ingest".to_owned(), "lp_key".to_owned());
    let by_dsn = ("https://logs.example.com/api/v1/ingest".to_owned(), "lp_dsn".to_owned());
    assert_eq!(target(&[URL, KEY]), by_key);
    assert_eq!(target(&[DSN]), by_dsn);
    assert_eq!(target(&[URL, KEY, DSN]), by_dsn);
}

#[test]
fn c14_an_environment_without_a_server_is_refused() {
    for variables in [&[][..], &[URL], &[KEY], &[("LOGTIDE_DSN", "")]] {
        assert_eq!(from(variables).map(|_| ()), Err(EnvError::NoServer));
    }
    let error =
        from(&[("LOGTIDE_DSN", "lp_SECRET@logs.example.com")]).map(|_| ()).expect_err("this is no DSN");
    let told = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    assert!(told.contains("LOGTIDE_DSN") && !told.contains("SECRET"), "{told}");
}
