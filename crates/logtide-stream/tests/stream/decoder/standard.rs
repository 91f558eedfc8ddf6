//! The rules and examples of the HTML standard.

use std::time::Duration;

use logtide_core::limits::MAX_RETRY_AFTER;
use logtide_stream::Decoder;

use super::{OwnedFrame, decode};

/// Asserts the frames of a stream, in one chunk and byte by byte.
#[track_caller]
fn assert_frames(stream: impl AsRef<[u8]>, expected: &[OwnedFrame]) {
    let stream = stream.as_ref();
    let shown = String::from_utf8_lossy(stream).into_owned();
    assert_eq!(decode(Decoder::MAX_EVENT_BYTES, [stream]), expected, "whole: {shown:?}");
    assert_eq!(decode(Decoder::MAX_EVENT_BYTES, stream.chunks(1)), expected, "by byte: {shown:?}");
}

#[track_caller]
fn assert_messages(stream: impl AsRef<[u8]>, expected: &[&str]) {
    let expected: Vec<OwnedFrame> = expected.iter().map(|data| OwnedFrame::message(data)).collect();
    assert_frames(stream, &expected);
}

#[test]
fn the_examples_of_the_standard_are_decoded() {
    assert_messages(
        "data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\n",
        &["This is the first message.", "This is the second message, it\nhas two lines."],
    );
    assert_frames(
        "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\nevent: add\ndata: 113411\n\n",
        &[
            OwnedFrame::event("add", "73857293", ""),
            OwnedFrame::event("remove", "2153", ""),
            OwnedFrame::event("add", "113411", ""),
        ],
    );
    assert_messages("data: YHOO\ndata: +2\ndata: 10\n\n", &["YHOO\n+2\n10"]);
    assert_frames(
        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
        &[
            OwnedFrame::comment("test stream"),
            OwnedFrame::event("message", "first event", "1"),
            OwnedFrame::message("second event"),
            OwnedFrame::message(" third event"),
        ],
    );
    assert_messages("data\n\ndata\ndata\n\ndata:", &["", "\n"]);
    assert_messages("data:test\n\ndata: test\n\n", &["test", "test"]);
}

#[test]
fn the_stream_of_a_logtide_server_is_decoded() {
    let connected = r#"{"type":"connected","timestamp":"2026-11-22T10:00:12.508Z"}"#;
    let log = r#"{"type":"log","data":{"id":"1","message":"live 1"}}"#;
    assert_frames(
        format!("data: {connected}\n\n: heartbeat\n\ndata: {log}\n\n: heartbeat\n\n"),
        &[
            OwnedFrame::message(connected),
            OwnedFrame::comment("heartbeat"),
            OwnedFrame::message(log),
            OwnedFrame::comment("heartbeat"),
        ],
    );
}

#[test]
fn lines_end_with_lf_crlf_or_cr() {
    for end in ["\n", "\r\n", "\r"] {
        assert_messages(format!("data: a{end}data: b{end}{end}data: c{end}{end}"), &["a\nb", "c"]);
    }
    assert_messages("data: a\r\n\rdata: b\n\r\n", &["a", "b"]);
    assert_messages("data: a\n\rdata: b\r\r", &["a", "b"]);
}

#[test]
fn a_line_feed_in_the_next_chunk_belongs_to_its_carriage_return() {
    let chunks = ["data: a\r", "\ndata: b\r", "\n\r", "\n", "data: c\n\n"];
    let seen = decode(100, chunks.map(str::as_bytes));
    assert_eq!(seen, [OwnedFrame::message("a\nb"), OwnedFrame::message("c")]);
    // An empty chunk between them changes nothing.
    let chunks = ["data: a\r", "", "\ndata: b\n\n"];
    assert_eq!(decode(100, chunks.map(str::as_bytes)), [OwnedFrame::message("a\nb")]);
}

#[test]
fn an_event_does_not_wait_for_the_next_chunk() {
    assert_eq!(decode(100, [&b"data: a\r\r"[..]]), [OwnedFrame::message("a")]);
    assert_eq!(decode(100, [&b"data: a\r\n\r"[..]]), [OwnedFrame::message("a")]);
}

#[test]
fn one_byte_order_mark_is_skipped_at_the_start_only() {
    assert_messages("\u{FEFF}data: a\n\n", &["a"]);
    assert_messages("\u{FEFF}\u{FEFF}data: a\n\ndata: b\n\n", &["b"]);
    assert_messages("data: a\n\n\u{FEFF}data: b\n\n", &["a"]);
    assert_messages("data: \u{FEFF}a\n\n", &["\u{FEFF}a"]);
    assert_messages(b"\xFE\xFFdata: a\n\ndata: b\n\n", &["b"]);
}

#[test]
fn one_space_after_the_colon_is_removed() {
    assert_messages("data:a\n\ndata: a\n\ndata:  a\n\ndata:\ta\n\ndata: \n\n", &["a", "a", " a", "\ta", ""]);
    assert_messages("data : a\n\n data: a\n\ndata: b: c\n\n", &["b: c"]);
}

#[test]
fn unknown_fields_and_wrong_case_are_ignored() {
    assert_messages(
        "Data: a\ndatas: b\ndata\0: c\nid2: 3\nretry2: 1\nwhatever\ndata: d\nmore: 1\n\n",
        &["d"],
    );
}

#[test]
fn comments_are_frames() {
    assert_frames(
        "data: a\n:\n:b\n: c: d\n\n",
        &[
            OwnedFrame::comment(""),
            OwnedFrame::comment("b"),
            OwnedFrame::comment("c: d"),
            OwnedFrame::message("a"),
        ],
    );
}

#[test]
fn an_event_without_data_is_dropped_with_its_name() {
    assert_frames("event: lost\nid: 7\n\ndata: a\n\n", &[OwnedFrame::event("message", "a", "7")]);
    assert_frames(
        "event: a\nevent: b\ndata: x\n\ndata: y\n\n",
        &[OwnedFrame::event("b", "x", ""), OwnedFrame::message("y")],
    );
    assert_frames("event: a\nevent\ndata: x\n\n", &[OwnedFrame::message("x")]);
    assert_frames("\n\n\n", &[]);
}

#[test]
fn an_id_applies_until_another_comes() {
    assert_frames(
        "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
        &[
            OwnedFrame::event("message", "a", "1"),
            OwnedFrame::event("message", "b", "1"),
            OwnedFrame::message("c"),
        ],
    );
    assert_frames("id: 1\nid: 2\0\ndata: a\n\n", &[OwnedFrame::event("message", "a", "1")]);
}

#[test]
fn a_retry_time_consists_of_digits() {
    let milliseconds = |milliseconds| OwnedFrame::Retry(Duration::from_millis(milliseconds));
    assert_frames(
        "retry: 1500\nretry:0\nretry: 007\n",
        &[milliseconds(1500), milliseconds(0), milliseconds(7)],
    );
    for ignored in
        ["retry", "retry:", "retry: ", "retry:  1", "retry: 1 ", "retry: -1", "retry: +1", "retry: 1.5"]
    {
        assert_frames(format!("{ignored}\n"), &[]);
    }
    assert_frames("retry: 99999999999999999999\nretry: \u{0663}\n", &[]);
    assert_frames("retry: 86400000\n", &[OwnedFrame::Retry(MAX_RETRY_AFTER)]);
}

#[test]
fn an_incomplete_event_at_the_end_is_dropped() {
    for unfinished in ["data: a", "data: a\n", "data: a\nid: 1\n", "data: a\r\n", ": comm", "retry: 1"] {
        assert_frames(unfinished, &[]);
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_replaced() {
    assert_messages(b"data: a\xFFb\n\n", &["a\u{FFFD}b"]);
    assert_messages(b"data: \xF0\x9F\xA6\n\ndata: \xE0\x80\n\n", &["\u{FFFD}", "\u{FFFD}\u{FFFD}"]);
    assert_messages("data: ä€🦀\n\n", &["ä€🦀"]);
    assert_frames(b"event: \x80\nid: \xC3\ndata: a\n\n", &[OwnedFrame::event("\u{FFFD}", "a", "\u{FFFD}")]);
}
