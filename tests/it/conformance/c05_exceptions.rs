//! An error is sent with its type, message, causes and frames.
//!
//! The SDKs differ in `metadata.error`: this one sends both forms by default, and an option selects one.

use std::{error::Error, panic::Location};

use logtide_client::{Client, ClientOptions};
use logtide_core::{ErrorFormat, IntoMetadata as _};
use logtide_devserver::DevServer;
use logtide_tests::{
    chain::Link,
    setup::{TIMEOUT, client, options_for},
};
use serde_json::{Value, json};

/// Returns the metadata of the only logged entry.
fn stored(options: impl FnOnce(ClientOptions) -> ClientOptions, log: impl FnOnce(&Client)) -> Value {
    let server = DevServer::start().expect("the server starts");
    let client = client(options(options_for(&server)));
    log(&client);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let mut stored = server.stored();
    assert_eq!((stored.len(), client.metrics().logs_sent), (1, 1));
    let entry = stored.remove(0);
    assert_eq!((entry.service.as_str(), entry.message.as_str()), ("database", "query failed"));
    assert_eq!(entry.level, "error");
    entry.metadata.expect("an entry has metadata")
}

fn frames(exception: &Value) -> &[Value] {
    exception["stacktrace"].as_array().expect("an exception has frames")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn c05_an_error_with_three_causes_is_stored_in_both_forms() {
    let err = Link::chain(&["query failed on users", "connection lost", "broken pipe", "root cause"]);
    let call = std::cell::Cell::new(0);
    let metadata = stored(
        |options| options.attach_stacktrace(true),
        |client| {
            call.set(line!() + 1);
            client.error("database", "query failed", &err);
        },
    );

    let exception = &metadata["exception"];
    assert_eq!(exception["type"], "Link");
    assert_eq!(
        (&exception["message"], &exception["language"]),
        (&json!("query failed on users"), &json!("rust"))
    );
    let mut cause = &exception["cause"];
    for message in ["connection lost", "broken pipe", "root cause"] {
        assert_eq!((&cause["type"], &cause["message"]), (&json!("Link"), &json!(message)));
        assert_eq!(cause["language"], "rust");
        cause = &cause["cause"];
    }
    assert_eq!(*cause, Value::Null);

    let first = &frames(exception)[0];
    let function = text(&first["function"]);
    assert!(function.contains("c05_an_error_with_three_causes_is_stored_in_both_forms"), "{function}");
    assert!(text(&first["file"]).ends_with("it/conformance/c05_exceptions.rs"), "{first}");
    assert_eq!(first["line"], call.get());
    assert!(first["column"].is_number(), "{first}");
    for frame in frames(exception) {
        let function = text(&frame["function"]);
        for left_out in ["std::", "core::", "alloc::", "logtide_client::", "logtide_core::"] {
            assert!(!function.trim_start_matches('<').starts_with(left_out), "{function}");
        }
    }

    let error = &metadata["error"];
    assert_eq!((&error["name"], &error["message"]), (&exception["type"], &exception["message"]));
    let stack = text(&error["stack"]);
    assert!(
        stack.starts_with(
            "Link: query failed on users\ncaused by: connection lost\n\
             caused by: broken pipe\ncaused by: root cause\n    at "
        ),
        "{stack}"
    );
    assert!(stack.contains(function), "{stack}");
    assert_eq!(text(&exception["raw"]), stack);
}

#[test]
fn c05_the_place_of_the_call_is_always_there() {
    let err = Link::chain(&["refused"]);
    let call = std::cell::Cell::new(0);
    // The environment of the test decides whether there are frames.
    let metadata = stored(
        |options| options,
        |client| {
            call.set(line!() + 1);
            client.error("database", "query failed", &err);
        },
    );
    let exception = &metadata["exception"];
    let first = &frames(exception)[0];
    assert!(text(&first["file"]).ends_with("it/conformance/c05_exceptions.rs"), "{first}");
    assert_eq!(first["line"], call.get());
    assert_eq!(exception.get("raw").is_some(), first.get("function").is_some(), "no raw text without frames");
    assert!(text(&metadata["error"]["stack"]).contains(&format!("c05_exceptions.rs:{}:", call.get())));
}

#[test]
fn c05_an_option_picks_one_form() {
    let err = Link::chain(&["refused", "root cause"]);
    for (format, there, left_out) in
        [(ErrorFormat::Exception, "exception", "error"), (ErrorFormat::Error, "error", "exception")]
    {
        let options = |options: ClientOptions| options.error_format(format).attach_stacktrace(true);
        let metadata = stored(options, |client| client.error("database", "query failed", &err));
        assert!(metadata.get(there).is_some() && metadata.get(left_out).is_none(), "{metadata}");
        assert!(metadata[there].to_string().contains("c05_an_option_picks_one_form"), "{metadata}");
    }
}

#[test]
fn c05_other_metadata_is_kept_and_the_callers_own_exception_wins() {
    let err = Link::chain(&["refused"]);
    let own = json!({"type": "Own", "message": "mine", "language": "rust", "stacktrace": []});
    let metadata = stored(
        |options| options.attach_stacktrace(true).global_metadata([("region", "eu")]),
        |client| {
            let metadata = json!({"exception": own, "attempt": 3}).with(&err);
            client.error("database", "query failed", metadata);
        },
    );
    assert_eq!((&metadata["exception"], &metadata["attempt"]), (&own, &json!(3)));
    assert_eq!((&metadata["error"]["message"], &metadata["region"]), (&json!("refused"), &json!("eu")));
}

#[test]
fn c05_a_blank_message_is_replaced_by_the_type() {
    for message in ["", " \n"] {
        let err = Link::chain(&[message]);
        let metadata = stored(|options| options, |client| client.error("database", "query failed", &err));
        assert_eq!(metadata["exception"]["message"], "Link");
    }
}

#[test]
fn c05_an_error_behind_a_box_has_its_type() {
    let err: Box<dyn Error + Send + Sync> = Box::new(Link::chain(&["refused", "root cause"]));
    let metadata = stored(|options| options, |client| client.error("database", "query failed", &*err));
    assert_eq!(metadata["exception"]["type"], "Link");
    assert_eq!(metadata["exception"]["cause"]["message"], "root cause");
}

#[test]
fn c05_a_helper_that_tracks_its_caller_shows_the_callers_place() {
    #[track_caller]
    fn fail(client: &Client) -> &'static Location<'static> {
        client.error("database", "query failed", &Link::chain(&["refused"]));
        Location::caller()
    }
    let place = std::cell::Cell::new(None);
    let metadata = stored(|options| options, |client| place.set(Some(fail(client).to_string())));
    let frame = &frames(&metadata["exception"])[0];
    if frame.get("function").is_none() {
        let shown = format!("{}:{}:{}", text(&frame["file"]), frame["line"], frame["column"]);
        assert_eq!(Some(shown), place.take());
    }
}
