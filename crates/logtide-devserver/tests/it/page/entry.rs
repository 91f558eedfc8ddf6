//! An entry opened in the list.

use logtide_devserver::DevServer;
use serde_json::json;

use super::{messages, send};
use crate::browser::Browser;

#[test]
fn an_entry_opens_with_its_error_and_metadata() {
    let server = DevServer::start().expect("the server starts");
    let exception = json!({
        "type": "shop::PaymentError", "message": "card was declined", "language": "rust",
        "stacktrace": [
            {"function": "shop::charge", "file": "src/payment.rs", "line": 118, "column": 13},
            {"function": "poll", "file": "/builds/.cargo/registry/src/tokio-1.0/src/lib.rs", "line": 3},
        ],
        "cause": {"type": "io::Error", "message": "broken pipe", "stacktrace": []},
    });
    let metadata = json!({"exception": exception, "order": 4711, "cart": {"items": [1, 2]}, "note": null});
    send(
        &server,
        &[
            json!({"message": "first line\nsecond line", "level": "error", "metadata": metadata}),
            json!({"message": "other", "metadata": {"order": 4712}}),
        ],
    );
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until(&messages(&["other", "first line\nsecond line"]));
    browser.click(".line[data-index='1']");
    browser.until("document.querySelector('.detail .frames')");
    assert_eq!(browser.texts(".detail .message"), ["first line\nsecond line"]);
    assert_eq!(
        browser.texts(".exception p"),
        ["shop::PaymentError: card was declined", "caused by io::Error: broken pipe"]
    );
    assert_eq!(browser.texts(".frames .own"), ["shop::charge src/payment.rs:118:13"]);
    assert_eq!(browser.texts(".frames .library").len(), 1);
    let rows = browser.texts(".metadata th");
    assert_eq!(rows.len(), 3, "the error is not repeated: {rows:?}");
    assert!(browser.texts(".metadata td").contains(&r#"{"items":[1,2]}"#.to_owned()));
    // Searches for a value.
    browser.click(".metadata button[title='Show entries with order=4711']");
    browser.until(&messages(&["first line\nsecond line"]));
    assert_eq!(browser.evaluate("document.getElementById('query').value"), "order=4711");
    assert!(browser.errors.is_empty(), "{:?}", browser.errors);
}

#[test]
fn a_long_message_is_cut_and_says_so() {
    let server = DevServer::start().expect("the server starts");
    send(&server, &[json!({"message": "word ".repeat(200_000)})]);
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until("document.querySelector('.line .message').textContent.length === 400");
    browser.press("j");
    browser.press("Enter");
    browser.until("document.querySelector('.detail .cut')?.innerText.includes('980,000 more characters')");
    browser.until("document.querySelector('.detail').offsetHeight < innerHeight");
}
