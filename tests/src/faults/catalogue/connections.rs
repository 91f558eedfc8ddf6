//! Connections that end, stall or are slow.

use std::{borrow::Cow, time::Duration};

use super::Listed;
use crate::faults::{
    Endless,
    Fault::{self, Bytes, Close, Hang, Reset},
    Place,
};

/// Longer than a trial, so that only the client can end it.
const SILENCE: Duration = Duration::from_secs(600);

pub(super) fn all() -> Vec<Listed> {
    let survived = Listed::survived;
    let bytes = |name, bytes: &'static [u8]| Listed::survived(name, Bytes(Cow::Borrowed(bytes)));
    vec![
        survived("refused", Fault::Refuse),
        survived("reset-before-request", Reset(Place::BeforeRequest)),
        survived("reset-in-request", Reset(Place::InRequest)),
        survived("reset-after-request", Reset(Place::AfterRequest)),
        survived("reset-in-head", Reset(Place::InHead)),
        survived("reset-in-number", Reset(Place::InNumber)),
        survived("reset-in-body", Reset(Place::InBody)),
        survived("reset-after-answer", Reset(Place::AfterAnswer)),
        survived("close-before-request", Close(Place::BeforeRequest)),
        survived("close-in-request", Close(Place::InRequest)),
        survived("close-after-request", Close(Place::AfterRequest)),
        survived("close-in-head", Close(Place::InHead)),
        survived("close-in-number", Close(Place::InNumber)),
        survived("close-in-body", Close(Place::InBody)),
        survived("close-after-answer", Close(Place::AfterAnswer)),
        survived("hang-before-request", Hang(Place::BeforeRequest, SILENCE)),
        survived("hang-in-request", Hang(Place::InRequest, SILENCE)),
        survived("hang-after-request", Hang(Place::AfterRequest, SILENCE)),
        survived("hang-in-head", Hang(Place::InHead, SILENCE)),
        survived("hang-in-number", Hang(Place::InNumber, SILENCE)),
        survived("hang-in-body", Hang(Place::InBody, SILENCE)),
        survived("idle-close", Fault::IdleClose),
        survived("drip-request", Fault::DripRequest),
        survived("drip-answer", Fault::DripAnswer(Duration::from_micros(500))),
        survived("drip-answer-late", Fault::DripAnswer(Duration::from_millis(50))),
        bytes("garbage-bytes", b"\x9d\x3f\x00\xff\x17\x80\x41\xc2\x5e\x0a\x0d\x0a\x00\x01\xfe\x77\x13\x99"),
        bytes("garbage-http09", b"<html><body>Hello</body></html>\n"),
        bytes("garbage-tls-alert", b"\x15\x03\x01\x00\x02\x02\x46"),
        bytes("garbage-ssh", b"SSH-2.0-OpenSSH_9.6\r\n"),
        bytes("half-status-line", b"HTTP/1.1 20"),
        bytes("status-no-number", b"HTTP/1.1 2xx OK\r\ncontent-length: 2\r\n\r\n{}"),
        bytes("status-out-of-range", b"HTTP/1.1 099 Low\r\ncontent-length: 2\r\n\r\n{}"),
        bytes("header-without-colon", b"HTTP/1.1 200 OK\r\ncontent-length 2\r\n\r\n{}"),
        bytes("header-with-nul", b"HTTP/1.1 200 OK\r\na: \x00\r\ncontent-length: 2\r\n\r\n{}"),
        bytes("http3-version", b"HTTP/3.0 200 OK\r\ncontent-length: 2\r\n\r\n{}"),
        bytes(
            "switching-protocols",
            b"HTTP/1.1 101 Switching\r\nupgrade: a\r\nconnection: upgrade\r\n\r\nab",
        ),
        survived("endless-status-line", Fault::Endless(Endless::StatusLine)),
        survived("endless-header", Fault::Endless(Endless::Header)),
        survived("endless-headers", Fault::Endless(Endless::Headers)),
        survived("endless-interim", Fault::Endless(Endless::Interim)),
        survived("endless-chunks", Fault::Endless(Endless::ReceiptAndChunks)),
        survived("endless-small-chunks", Fault::Endless(Endless::SmallChunks)),
        survived("huge-body", Fault::Endless(Endless::Body)),
        survived("huge-error-body", Fault::Endless(Endless::ErrorBody)),
    ]
}
