//! Text from entries and spans is never markup.

use chrono::Utc;
use logtide_devserver::DevServer;
use serde_json::json;

use super::{COUNT, send};
use crate::browser::Browser;
use crate::client::Client;
use crate::otlp::{TRACES, post, spans};

const ATTACK: &str =
    r#"<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b id="made">x</b>"#;

#[test]
fn no_text_becomes_markup() {
    let server = DevServer::start().expect("the server starts");
    let nested = json!({"type": ATTACK, "message": ATTACK, "stacktrace": [{"function": ATTACK, "file": ATTACK, "line": ATTACK}]});
    let exception = json!({
        "type": ATTACK, "message": ATTACK, "cause": nested,
        "stacktrace": [{"function": ATTACK, "file": ATTACK, "line": 1}],
    });
    send(
        &server,
        &[
            json!({"message": ATTACK, "service": ATTACK, "level": "error", "trace_id": ATTACK,
                   "metadata": {"exception": exception, ATTACK: ATTACK, "deep": {ATTACK: [ATTACK]}}}),
            json!({"message": "raw", "service": "javascript:alert(1)",
                   "metadata": {"exception": {"type": 1, "message": {"a": ATTACK}, "raw": ATTACK}}}),
        ],
    );
    let time = Utc::now().timestamp_nanos_opt().expect("a time").to_string();
    let attributes = json!([{"key": ATTACK, "value": {"stringValue": ATTACK}}]);
    let span = json!({
        "traceId": ATTACK, "spanId": ATTACK, "name": ATTACK, "startTimeUnixNano": time, "endTimeUnixNano": time,
        "attributes": attributes, "status": {"code": 2, "message": ATTACK},
    });
    post(&mut Client::new(&server), TRACES, &spans(ATTACK, &[span]));
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until(&format!("{COUNT} === 2"));
    assert!(browser.texts(".line .message").contains(&ATTACK.to_owned()), "the text is shown as it is");
    browser.press("j");
    browser.press("Enter");
    browser.until("document.querySelector('.detail .exception')");
    browser.press("j");
    browser.press("t");
    browser.until("document.querySelector('.trace .name')");
    browser.click(".trace .name");
    browser.until("document.querySelector('.attributes')");
    let made =
        "document.querySelectorAll('main img, main script, main b, nav img, nav b, #made, iframe').length";
    assert_eq!(browser.evaluate(made), 0);
    browser.click("#services button");
    browser.until(&format!("{COUNT} === 1"));
    assert_eq!(browser.evaluate(made), 0);
    assert_eq!(browser.evaluate("typeof window.hacked"), "undefined");
    assert!(browser.errors.is_empty(), "{:?}", browser.errors);
}

#[test]
fn scripts_and_markup_from_elsewhere_are_refused() {
    let server = DevServer::start().expect("the server starts");
    let Some(mut browser) = Browser::open(&server) else { return };
    let refused =
        |code: &str| format!("(() => {{ try {{ {code}; return false; }} catch {{ return true; }} }})()");
    assert_eq!(browser.evaluate(&refused("document.body.innerHTML = '<b>x</b>'")), true);
    browser.evaluate(
        "document.addEventListener('securitypolicyviolation', (event) => (window.violated = event.effectiveDirective));
         fetch('http://localhost:1/').catch(() => {}); 1",
    );
    browser.until("window.violated === 'connect-src'");
}
