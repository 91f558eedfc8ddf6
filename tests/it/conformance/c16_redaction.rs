//! Secrets in metadata, and data about the machine.

use logtide_client::{Client, integration::Integration};
use logtide_core::{IntoMetadata as _, LogEntry, Metadata, Redaction};
use logtide_devserver::DevServer;
use logtide_tests::setup::{TIMEOUT, client, options_for};
use serde_json::{Value, json};

fn stored(server: &DevServer, client: &Client) -> Value {
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    server.stored().remove(0).metadata.expect("an entry has metadata")
}

#[test]
fn c16_values_whose_key_looks_like_a_secret_are_not_sent() {
    let server = DevServer::start().expect("the server starts");
    let options = options_for(&server)
        .global_metadata([("db_password", "SECRET")])
        .redaction(Redaction::default().keys(["iban"]));
    let client = client(options);
    let request =
        json!({"headers": {"Authorization": "SECRET", "Set-Cookie": ["SECRET"], "x-request-id": "abc123"}});
    let entry = LogEntry::new(logtide_core::Level::Info, "svc", "hello");
    client.log(entry.metadata((
        ("apiKey", "SECRET"),
        ("IBAN", "SECRET"),
        ("request", request),
        ("user", "ada"),
    )));
    let metadata = stored(&server, &client);
    assert!(!metadata.to_string().contains("SECRET"), "{metadata}");
    assert_eq!((&metadata["apiKey"], &metadata["db_password"]), (&json!("[REDACTED]"), &json!("[REDACTED]")));
    assert_eq!(metadata["request"]["headers"]["x-request-id"], "abc123");
    assert_eq!(metadata["user"], "ada");
}

#[test]
fn c16_keys_are_compared_word_by_word() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).redaction(Redaction::default().allow_keys(["csrf_token"])));
    let hidden = [
        "passwords",
        "cookies",
        "tokens",
        "api_keys",
        "password_hash",
        "authorization_header",
        "jwt",
        "auth",
    ];
    let shown = ["next_page_token", "max_tokens", "token_count", "author", "secretary", "csrfToken"];
    let fields: Metadata =
        hidden.iter().map(|key| (*key, "SECRET")).chain(shown.map(|key| (key, "shown"))).collect();
    client.info("svc", "hello", (&fields).with([("nested", &fields)]));
    let metadata = stored(&server, &client);
    assert!(!metadata.to_string().contains("SECRET"), "{metadata}");
    for key in shown {
        assert_eq!((&metadata[key], &metadata["nested"][key]), (&json!("shown"), &json!("shown")), "{key}");
    }
}

#[test]
fn c16_redaction_can_be_turned_off() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).redaction(Redaction::off()));
    client.info("svc", "hello", [("token", "given")]);
    assert_eq!(stored(&server, &client)["token"], "given");
}

#[test]
fn c16_environment_release_and_machine_are_told_only_when_set() {
    let server = DevServer::start().expect("the server starts");
    let quiet = client(options_for(&server));
    assert!(!Integration::of(&quiet).send_default_pii());
    quiet.info("svc", "hello", ());
    let metadata = stored(&server, &quiet);
    assert_eq!(metadata.as_object().expect("an object").keys().collect::<Vec<_>>(), ["sdk"]);

    server.reset();
    let options = options_for(&server).environment("production").release("1.2.3").server_name("web-1");
    let telling = client(options.global_metadata([("release", "of global metadata")]));
    telling.info("svc", "hello", [("environment", "of the entry")]);
    let metadata = stored(&server, &telling);
    assert_eq!(
        (&metadata["environment"], &metadata["release"], &metadata["server_name"]),
        (&json!("of the entry"), &json!("of global metadata"), &json!("web-1"))
    );
}
