//! Searches in a browser.

use logtide_devserver::DevServer;
use serde_json::json;

use super::{ago, messages, send};
use crate::browser::Browser;

fn shop() -> DevServer {
    let server = DevServer::start().expect("the server starts");
    send(
        &server,
        &[
            json!({"message": "cart has 3 items", "service": "cart", "level": "debug", "time": ago(50)}),
            json!({"message": "Payment DECLINED", "service": "pay", "level": "error", "time": ago(40),
                   "metadata": {"user": 42, "city": "New York"}, "trace_id": "t1"}),
            json!({"message": "payment accepted", "service": "pay", "level": "info", "time": ago(30),
                   "metadata": {"user": 7}, "trace_id": "t2"}),
            json!({"message": "a=b is no filter", "service": "web", "level": "warn", "time": ago(20)}),
            json!({"message": "disk full", "service": "web", "level": "critical", "time": ago(7_200)}),
        ],
    );
    server
}

#[test]
fn the_search_box_takes_text_metadata_trace_service_and_level() {
    let server = shop();
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until(&messages(&[
        "a=b is no filter",
        "payment accepted",
        "Payment DECLINED",
        "cart has 3 items",
    ]));
    for (query, expected) in [
        ("payment", &["payment accepted", "Payment DECLINED"][..]),
        ("has 3", &["cart has 3 items"]),
        ("user=42", &["Payment DECLINED"]),
        ("city=\"New York\"", &["Payment DECLINED"]),
        ("payment user=7", &["payment accepted"]),
        ("user=42 user=7", &[]),
        ("\"a=b\"", &["a=b is no filter"]),
        ("trace=t2", &["payment accepted"]),
        ("service=pay level=warn", &["Payment DECLINED"]),
        ("nothing like it", &[]),
    ] {
        browser.search(query);
        browser.until(&messages(expected));
        browser.until(&format!(
            "document.getElementById('status').textContent.startsWith('{} ')",
            expected.len()
        ));
    }
    browser.until("document.getElementById('empty').innerText.includes('No entries match')");
    browser.click("#empty button");
    browser.until("document.querySelectorAll('.line').length === 4");
    // The filter is part of the URL, so that it survives a reload.
    browser.search("user=42");
    browser.until(&messages(&["Payment DECLINED"]));
    browser.reload();
    browser.until(&messages(&["Payment DECLINED"]));
    assert!(browser.errors.is_empty(), "{:?}", browser.errors);
}

#[test]
fn levels_and_services_are_buttons_with_counts() {
    let server = shop();
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until("document.querySelector('#services button')");
    assert_eq!(browser.texts("#services button"), ["pay\n2", "cart\n1", "web\n1"]);
    browser.click("#levels [data-level=warn]");
    browser.until(&messages(&["a=b is no filter", "Payment DECLINED"]));
    browser.until("document.querySelectorAll('#levels [aria-pressed=true]').length === 3");
    browser.click("#services [data-service=pay]");
    browser.until(&messages(&["Payment DECLINED"]));
    browser.until("document.querySelector('#services [data-service=pay]').ariaPressed === 'true'");
    browser.click("#levels [data-level=warn]");
    browser.until(&messages(&["payment accepted", "Payment DECLINED"]));
    browser.click("#services [data-service=pay]");
    browser.until("document.querySelectorAll('.line').length === 4");
}

#[test]
fn a_range_of_the_histogram_is_shown_alone() {
    let server = shop();
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.evaluate("document.getElementById('span').value = 'all'; document.getElementById('span').dispatchEvent(new Event('change'))");
    browser.until("document.querySelectorAll('.line').length === 5");
    browser.until("Number(document.getElementById('histogram').dataset.to) - Number(document.getElementById('histogram').dataset.from) > 7_000_000");
    // The oldest entry, from two hours ago, is in the first half.
    browser.drag("#histogram svg", 0.0, 0.5);
    browser.until(&messages(&["disk full"]));
    assert_eq!(browser.evaluate("document.getElementById('live').ariaPressed"), "false");
    browser.press("Escape");
    browser.until("document.querySelectorAll('.line').length === 5");
    assert_eq!(browser.evaluate("document.getElementById('live').ariaPressed"), "true");
    browser.evaluate("history.back()");
    browser.until(&messages(&["disk full"]));
    browser.evaluate("history.forward()");
    browser.until("document.querySelectorAll('.line').length === 5");
    // The same with the keyboard: the last bucket, and as many before it as cover the last minute.
    browser.until("Number(document.getElementById('histogram').dataset.to) - Number(document.getElementById('histogram').dataset.from) > 7_000_000");
    browser.press("h");
    browser.press("ArrowLeft");
    browser.press_with("ArrowLeft", true);
    browser.until("document.querySelector('#histogram figcaption').textContent.includes('1 error')");
    browser.press("Enter");
    browser.until("document.querySelectorAll('.line').length === 4");
}
