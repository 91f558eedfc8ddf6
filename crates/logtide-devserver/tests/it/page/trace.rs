//! A trace as a waterfall.

use chrono::{Duration, Utc};
use logtide_devserver::DevServer;
use serde_json::{Value, json};

use super::{messages, send, text_of};
use crate::browser::Browser;
use crate::client::Client;
use crate::otlp::{TRACES, post, spans};

#[test]
fn a_trace_is_drawn_with_its_spans_and_entries() {
    let server = DevServer::start().expect("the server starts");
    let start = Utc::now() - Duration::seconds(10);
    let at = |milliseconds| start + Duration::milliseconds(milliseconds);
    let span = |id: &str, parent: &str, name: &str, [from, to]: [i64; 2], status: u8| -> Value {
        let nanoseconds = |milliseconds| at(milliseconds).timestamp_nanos_opt().expect("a time").to_string();
        json!({
            "traceId": "t1", "spanId": id, "parentSpanId": parent, "name": name, "kind": 2,
            "startTimeUnixNano": nanoseconds(from), "endTimeUnixNano": nanoseconds(to), "status": {"code": status},
        })
    };
    let mut client = Client::new(&server);
    for (service, sent) in [
        ("db", span("cccccccccccccccc", "bbbbbbbbbbbbbbbb", "SELECT", [200, 400], 0)),
        ("web", span("aaaaaaaaaaaaaaaa", "", "GET /", [0, 1_000], 1)),
        ("cart", span("bbbbbbbbbbbbbbbb", "aaaaaaaaaaaaaaaa", "POST /cart", [100, 500], 2)),
        ("mail", span("dddddddddddddddd", "missing", "send", [900, 950], 0)),
    ] {
        post(&mut client, TRACES, &spans(service, &[sent]));
    }
    let entry = |message: &str, milliseconds, span: Value| json!({"message": message, "time": text_of(at(milliseconds)), "trace_id": "t1", "span_id": span, "level": "warn"});
    send(
        &server,
        &[
            entry("in cart", 300, json!("bbbbbbbbbbbbbbbb")),
            entry("elsewhere", 700, json!("ffffffffffffffff")),
            json!({"message": "apart"}),
        ],
    );
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until(&messages(&["apart", "elsewhere", "in cart"]));
    browser.press("End");
    browser.press("t");
    browser.until("document.querySelector('.trace .bar')");
    assert_eq!(browser.texts(".span .name"), ["GET /", "POST /cart", "SELECT", "send"]);
    assert_eq!(browser.texts(".span.failed .name"), ["POST /cart"]);
    assert_eq!(browser.texts(".span .took"), ["1.00 s", "400 ms", "200 ms", "50 ms"]);
    let places = browser.evaluate(
        "Array.from(document.querySelectorAll('.bar'), ({style}) => Math.round(parseFloat(style.left)))",
    );
    assert_eq!(places, json!([0, 10, 20, 90]));
    assert_eq!(browser.texts(".span .dot").len(), 2);
    assert_eq!(
        browser.evaluate(
            "document.querySelector('.dot[aria-current]').closest('.span').querySelector('.name').innerText"
        ),
        "POST /cart"
    );
    browser.click(".span .name");
    browser.until("document.querySelector('.attributes')?.innerText.includes('SERVER')");
    // The dot of another span's entry opens it.
    browser.click(".dot:not([aria-current])");
    browser.until("document.querySelector('.detail .message')?.textContent === 'elsewhere'");
    browser.press("t");
    browser.until("document.querySelector('.trace .head button')");
    browser.click(".trace .head button");
    browser.until(&messages(&["elsewhere", "in cart"]));
    assert!(browser.errors.is_empty(), "{:?}", browser.errors);
}

#[test]
fn spans_that_are_their_own_ancestors_are_drawn_once() {
    let server = DevServer::start().expect("the server starts");
    let time = Utc::now().timestamp_nanos_opt().expect("a time").to_string();
    let span = |id: &str, parent: &str| json!({"traceId": "t1", "spanId": id, "parentSpanId": parent, "name": id, "startTimeUnixNano": time, "endTimeUnixNano": time});
    post(
        &mut Client::new(&server),
        TRACES,
        &spans("loop", &[span("a", "b"), span("b", "a"), span("c", "c")]),
    );
    send(&server, &[json!({"message": "in a loop", "trace_id": "t1"})]);
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until(&messages(&["in a loop"]));
    browser.press("j");
    browser.press("t");
    browser.until("document.querySelector('.trace .bar')");
    assert_eq!(browser.texts(".span .name"), ["a", "b", "c"]);
}
