//! No error is too long or too circular to be delivered.

use logtide_devserver::DevServer;
use logtide_tests::{
    chain::Link,
    setup::{TIMEOUT, client, options_for},
};
use serde_json::Value;

/// Returns the exception of an entry with this error.
fn stored(err: &Link) -> Value {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).attach_stacktrace(true));
    client.error("svc", "failed", err);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let mut stored = server.stored();
    assert_eq!(stored.len(), 1);
    stored.remove(0).metadata.expect("an entry has metadata")["exception"].take()
}

fn messages(exception: &Value) -> Vec<&str> {
    let links = std::iter::successors(Some(exception), |link| link.get("cause"));
    links.map(|link| link["message"].as_str().expect("a link has a message")).collect()
}

#[test]
fn c06_ten_causes_are_followed_and_no_more() {
    let names: Vec<String> = (0..26).map(|number| format!("error {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let exception = stored(&Link::chain(&names));
    assert_eq!(messages(&exception), names[..=10]);
}

#[test]
fn c06_each_error_of_a_circle_is_written_once() {
    assert_eq!(messages(&stored(Link::circle(&["a"]))), ["a"]);
    assert_eq!(messages(&stored(Link::circle(&["a", "b"]))), ["a", "b"]);
    assert_eq!(messages(&stored(Link::circle(&["a", "b", "c"]))), ["a", "b", "c"]);
}

#[test]
fn c06_a_hundred_frames_are_kept_from_the_innermost_on() {
    #[inline(never)]
    fn descend(depth: usize) -> Value {
        if depth == 0 { stored(&Link::chain(&["deep"])) } else { std::hint::black_box(descend(depth - 1)) }
    }
    let exception = descend(300);
    let frames = exception["stacktrace"].as_array().expect("an exception has frames");
    assert_eq!(frames.len(), 100);
    let function = |frame: usize| frames[frame]["function"].as_str().unwrap_or_default();
    assert!(function(0).ends_with("c06_cause_cap::stored"), "{}", function(0));
    assert!(function(99).ends_with("descend"), "{}", function(99));
}
