//! Following new entries, over HTTP and in a browser.

use logtide_devserver::DevServer;
use serde_json::{Value, json};

use super::{COUNT, messages, send};
use crate::browser::Browser;
use crate::client::Client;

/// Returns the next event of a live stream, and its id.
fn event(client: &mut Client) -> (Value, String) {
    let mut id = String::new();
    loop {
        let line = client.line().expect("the stream goes on");
        if let Some(given) = line.strip_prefix("id: ") {
            id = given.to_owned();
        }
        if let Some(data) = line.strip_prefix("data: ") {
            return (serde_json::from_str(data).expect("JSON"), id);
        }
    }
}

fn follow(server: &DevServer, query: &str, last: Option<&str>) -> Client {
    let mut client = Client::with_key(server.address(), None);
    let resume = last.map_or_else(String::new, |id| format!("Last-Event-ID: {id}\r\n"));
    let request = format!("GET /_page/live?{query} HTTP/1.1\r\nHost: localhost\r\n{resume}\r\n");
    client.raw(request.as_bytes()).expect("the request is sent");
    assert_eq!(client.head().expect("an answer").header("content-type"), Some("text/event-stream"));
    client
}

fn of_lines(event: &Value) -> Vec<&str> {
    event["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| line["message"].as_str().expect("a text"))
        .collect()
}

#[test]
fn each_new_entry_comes_once_also_after_a_broken_connection() {
    let server = DevServer::start().expect("the server starts");
    send(&server, &[json!({"message": "before"})]);
    let mut stream = follow(&server, "after=1&level=warn", None);
    let (hello, _) = event(&mut stream);
    assert_eq!(hello["type"], "hello");
    let warn = |text: &str| json!({"message": text, "level": "warn", "time": "2001-01-01T00:00:00Z"});
    send(&server, &[json!({"message": "info"}), warn("one"), warn("two")]);
    let (lines, id) = event(&mut stream);
    assert_eq!(of_lines(&lines), ["one", "two"], "an old time does not matter");
    drop(stream);
    send(&server, &[warn("three")]);
    let mut stream = follow(&server, "after=1&level=warn", Some(&id));
    assert_eq!(event(&mut stream).0["content"], hello["content"]);
    assert_eq!(of_lines(&event(&mut stream).0), ["three"]);
    server.reset();
    assert_eq!(event(&mut stream).0["type"], "reset");
}

#[test]
fn a_burst_comes_whole() {
    let server = DevServer::start().expect("the server starts");
    let mut stream = follow(&server, "after=0", None);
    event(&mut stream);
    let many: Vec<_> = (0..1_000).map(|number| json!({"message": number.to_string()})).collect();
    for _ in 0..5 {
        send(&server, &many);
    }
    let mut seen = Vec::new();
    while seen.len() < 5_000 {
        let (event, _) = event(&mut stream);
        seen.extend(of_lines(&event).into_iter().map(str::to_owned));
    }
    let expected: Vec<_> = (0..5_000).map(|number| (number % 1_000).to_string()).collect();
    assert!(seen == expected, "{} entries", seen.len());
}

#[test]
fn new_entries_appear_and_leave_alone_what_is_read() {
    let server = DevServer::start().expect("the server starts");
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until("document.getElementById('empty').innerText.includes('logtide send')");
    send(&server, &[json!({"message": "one"})]);
    browser.until(&messages(&["one"]));
    send(&server, &[json!({"message": "two"}), json!({"message": "three"})]);
    browser.until(&messages(&["three", "two", "one"]));
    browser.until("document.getElementById('status').textContent === '3 entries'");
    // While an entry is open, new ones are only counted and it keeps its position.
    browser.press("End");
    browser.press("Enter");
    browser.until("document.querySelector('.detail .message')?.textContent === 'one'");
    let top = "document.querySelector('.line.open').getBoundingClientRect().top";
    let before = browser.evaluate(top);
    let many: Vec<_> = (0..200).map(|number| json!({"message": format!("more {number}")})).collect();
    send(&server, &many);
    browser.until("document.getElementById('newer').innerText === '↑ 200 new'");
    browser.until(&format!("{COUNT} === 203"));
    let after = browser.evaluate(top);
    assert_eq!(before, after);
    browser.click("#newer");
    browser.until("document.querySelector('.line[data-index=\"0\"] .message').textContent === 'more 199'");
    browser.until("document.getElementById('newer').hidden && !document.querySelector('.detail')");
    // While paused, nothing arrives. Resuming catches up.
    browser.press("l");
    browser.until("document.getElementById('live').ariaPressed === 'false'");
    send(&server, &[json!({"message": "while stopped"})]);
    browser.press("l");
    browser
        .until("document.querySelector('.line[data-index=\"0\"] .message').textContent === 'while stopped'");
    server.reset();
    browser.until("document.querySelectorAll('.line').length === 0");
    assert!(browser.errors.is_empty(), "{:?}", browser.errors);
}

#[test]
fn the_page_goes_on_with_a_server_that_was_restarted() {
    let first = DevServer::start().expect("the server starts");
    send(&first, &[json!({"message": "before"}), json!({"message": "before too"})]);
    let Some(mut browser) = Browser::open(&first) else { return };
    browser.until(&messages(&["before too", "before"]));
    let address = first.address();
    first.shutdown();
    browser.until("document.getElementById('live').innerText.includes('Reconnecting')");
    let second = DevServer::builder().address(address).start().expect("the server starts again");
    send(&second, &[json!({"message": "after"})]);
    browser.until(&messages(&["after"]));
}
