//! What can be read without a key: by programs of this machine and the page, but not by web pages of other origins.

use logtide_devserver::{DevServer, Fault, Target};
use serde_json::json;

use super::send;
use crate::browser::Browser;
use crate::client::Client;

const ROUTES: [&str; 9] = [
    "/",
    "/_page/files/page.js",
    "/_page/entries",
    "/_page/entries/1",
    "/_page/live",
    "/_page/summary",
    "/_page/trace/t",
    "/_dev/entries",
    "/_dev/requests",
];

#[test]
fn other_origins_and_foreign_hosts_are_refused() {
    let server = DevServer::start().expect("the server starts");
    send(&server, &[json!({})]);
    for path in ROUTES {
        for (headers, status) in [
            (&[][..], 200),
            (&[("Sec-Fetch-Site", "same-origin")], 200),
            (&[("Sec-Fetch-Site", "cross-site")], 403),
            (&[("Sec-Fetch-Site", "same-site")], 403),
            (&[("Origin", "http://127.0.0.1:1")], 403),
            (&[("Origin", "null")], 403),
        ] {
            let answer = Client::with_key(server.address(), None).request("GET", path, headers, b"");
            let answer = answer.expect("an answer");
            assert_eq!(answer.status, status, "{path} {headers:?}");
            assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        }
        let mut rebound = Client::with_key(server.address(), None);
        let request = format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        rebound.raw(request.as_bytes()).expect("the request is sent");
        assert_eq!(rebound.answer().expect("an answer").status, 403, "{path}");
    }
    let mut control = Client::with_key(server.address(), None);
    let origin = [("Origin", "https://evil.example")];
    assert_eq!(control.request("POST", "/_dev/reset", &origin, b"").expect("an answer").status, 403);
    assert_eq!(server.stored_count(), 1, "nothing was removed");
}

#[test]
fn no_key_is_in_the_page_and_every_answer_is_sealed() {
    let server = DevServer::start().expect("the server starts");
    send(&server, &[json!({"trace_id": "t"})]);
    for path in ROUTES.iter().filter(|path| !path.starts_with("/_dev")) {
        let mut client = Client::with_key(server.address(), None);
        let answer = client.request("GET", path, &[], b"").expect("an answer");
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            !answer.text.contains(server.api_key()) && !answer.text.contains(server.write_key()),
            "{path}"
        );
        let policy = answer.header("content-security-policy").expect(path);
        for part in
            ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
    }
}

#[test]
fn the_page_meets_no_faults_and_is_not_counted() {
    let server = DevServer::start().expect("the server starts");
    send(&server, &[json!({})]);
    server.chaos(Fault::Hang).on(Target::All).always();
    for path in ["/", "/_page/entries", "/_page/summary"] {
        assert_eq!(Client::with_key(server.address(), None).get(path).status, 200, "{path}");
    }
    assert_eq!(server.requests().total, 1);
}

#[test]
fn a_browser_keeps_another_origin_out() {
    let server = DevServer::start().expect("the server starts");
    let other = DevServer::start().expect("another server starts");
    let Some(mut browser) = Browser::open(&other) else { return };
    // The page's own policy would block the requests first, so they are made from a response without one.
    browser.navigate(&format!("{}/_dev/requests", other.url()));
    for path in ["/_page/entries", "/_dev/entries", "/"] {
        let read = format!("fetch('{}{path}').then(() => 'read', () => 'refused')", server.url());
        assert_eq!(browser.evaluate(&read), "refused", "{path}");
    }
    send(&server, &[json!({})]);
    let reset = format!(
        "fetch('{}/_dev/reset', {{method: 'POST', mode: 'no-cors'}}).then(() => 'sent')",
        server.url()
    );
    assert_eq!(browser.evaluate(&reset), "sent");
    assert_eq!(server.stored_count(), 1, "nothing was removed");
}
