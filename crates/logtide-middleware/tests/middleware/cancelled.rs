//! Clients that disconnect.

use logtide_core::Level;
use logtide_middleware::Options;
use serde_json::json;

use crate::setup::{Server, assert_timed, headers};

/// Level and message of the final entry if the client disconnects during a response of this kind.
fn left(settings: Options, content_type: &'static str, status: u16) -> (String, String) {
    let server = Server::new(settings);
    let fields = headers(&[("content-type", content_type)]);
    let mut transfer = server.begin("GET", "/feed").respond(status, &fields, None);
    transfer.sent(9);
    drop(transfer);
    let entry = server.last(2);
    let text = |key: &str| entry[key].as_str().unwrap().to_owned();
    (text("level"), text("message"))
}

#[test]
fn responses_without_an_end_are_closed() {
    for (content_type, is_closed) in [
        ("text/event-stream", true),
        ("Text/Event-Stream; charset=utf-8", true),
        (" text/event-stream ;x", true),
        ("multipart/x-mixed-replace; boundary=frame", true),
        ("text/event-streams", false),
        ("application/json", false),
        ("text/html; text/event-stream", false),
    ] {
        let (level, message) = left(Options::new(), content_type, 200);
        let (expected, word) = if is_closed { ("info", "closed") } else { ("warn", "cancelled") };
        assert_eq!(level, expected, "{content_type}");
        assert!(message.starts_with(&format!("GET /feed {word} (")), "{content_type}: {message}");
    }
}

#[test]
fn a_status_sets_its_own_level_where_that_is_higher() {
    let settings = || Options::new().cancelled_level(Level::Debug);
    for (status, level) in [(200, "debug"), (404, "warn"), (503, "error")] {
        assert_eq!(left(settings(), "text/event-stream", status).0, level, "{status}");
        assert_eq!(left(settings(), "text/html", status).0, level, "{status}");
    }
}

#[test]
fn the_level_holds_before_there_is_an_answer_too() {
    let server = Server::new(Options::new().cancelled_level(Level::Info));
    drop(server.begin("GET", "/slow"));
    let entry = server.last(2);
    assert_eq!(entry["level"], "info");
    assert_timed(&entry, "GET /slow cancelled (", "ms)");
}

#[test]
fn an_event_stream_that_ends_or_fails_is_as_any_other() {
    let server = Server::new(Options::new());
    let fields = headers(&[("content-type", "text/event-stream")]);
    server.begin("GET", "/feed").respond(200, &fields, None).complete();
    server.begin("GET", "/feed").respond(200, &fields, None).fail(&std::io::Error::other("disk gone"));
    let entries = server.entries();
    assert_timed(&entries[1], "GET /feed 200 (", "ms)");
    assert_eq!(
        (&entries[3]["level"], &entries[3]["message"]),
        (&json!("error"), &json!("Request error: disk gone"))
    );
}

#[test]
fn a_span_fails_if_the_client_disconnects_and_that_is_a_warning() {
    for (level, is_error) in [(Level::Info, false), (Level::Warn, true)] {
        let server = Server::new(Options::new().spans(true).cancelled_level(level));
        drop(server.begin("GET", "/slow"));
        let span = server.span();
        assert_eq!((span.status == 2, span.attributes.contains_key("error.type")), (is_error, is_error));
    }
}

#[test]
fn without_entries_of_responses_a_disconnect_is_logged_if_its_level_is_error() {
    let settings = Options::new().log_requests(false).log_responses(false);
    for (level, count) in [(Level::Warn, 0), (Level::Error, 1)] {
        let server = Server::new(settings.clone().cancelled_level(level));
        drop(server.begin("GET", "/slow"));
        assert_eq!(server.entries().len(), count);
    }
}
