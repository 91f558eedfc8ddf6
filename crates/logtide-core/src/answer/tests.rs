//! Answers of the server, of proxies, and of what is neither.

use std::time::Duration;

use super::*;

const NOW: Timestamp = Timestamp::from_micros(0);

fn of(status: u16, body: &str) -> Outcome {
    Outcome::of_answer(status, None, body.as_bytes(), NOW)
}

#[test]
fn success_reads_the_receipt() {
    assert_eq!(
        of(200, r#"{"received":3,"timestamp":"x"}"#),
        Outcome::Stored { received: Some(3), rejected: 0 }
    );
    let partly = r#"{"received":2,"rejected":[{"index":0,"reason":"pii_masking_failed"}]}"#;
    assert_eq!(of(200, partly), Outcome::Stored { received: Some(2), rejected: 1 });
    for rejected in ["null", "[]"] {
        let whole = format!(r#"{{"received":3,"rejected":{rejected}}}"#);
        assert_eq!(of(200, &whole), Outcome::Stored { received: Some(3), rejected: 0 });
    }
}

#[test]
fn success_that_says_nothing_is_stored() {
    for status in [200, 202, 204] {
        for body in ["", " \r\n", "{}", " {\n} "] {
            assert_eq!(of(status, body), Outcome::Stored { received: None, rejected: 0 });
        }
    }
}

#[test]
fn success_of_any_other_form_is_an_outage() {
    for (body, told) in [
        (&b"<!doctype html><title>Sign in</title>"[..], "a web page"),
        (b"\r\n  <html>", "a web page"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "a compressed body"),
        (b"ok", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "unexpected JSON"),
        (b"3", "unexpected JSON"),
        (br#"{"status":"ok"}"#, "missing field `received`"),
        (br#"{"received":"3"}"#, "unexpected JSON"),
        (br#"{"received":null}"#, "unexpected JSON"),
        (br#"{"received":-1}"#, "unexpected JSON"),
        (br#"{"received":3,"rejected":7}"#, "unexpected JSON"),
        (br#"{"received":3,"timest"#, "EOF"),
    ] {
        let Outcome::Unavailable { retry_after: None, detail } =
            Outcome::of_answer(200, Some("9"), body, NOW)
        else {
            panic!("{}", body.escape_ascii())
        };
        assert!(detail.starts_with("status 200, but not from a LogTide server: "), "{detail}");
        assert!(detail.contains(told), "{detail}");
    }
}

#[test]
fn a_receipt_counts_whatever_follows_it() {
    let padding = "x".repeat(100_000);
    for body in [
        r#"{"received":3}<html>"#.to_owned(),
        format!(r#"{{"received":3}}{padding}"#),
        format!(r#"{{"received":3,"note":"{padding}"}}"#),
        format!(r#"{{"note":"{padding}","received":3}}"#),
    ] {
        assert_eq!(of(200, &body), Outcome::Stored { received: Some(3), rejected: 0 });
    }
}

#[test]
fn the_beginning_of_an_answer_counts_when_it_holds_the_number() {
    let beginning = |body: &str| ServerAnswer::beginning(200, body.as_bytes()).outcome(None, NOW);
    for body in [
        r#"{"received":3}"#,
        r#"{"received":3,"#,
        r#"{"received":3,"note":"xxxx"#,
        r#"{"received":3,"rejected":["#,
    ] {
        assert_eq!(beginning(body), Outcome::Stored { received: Some(3), rejected: 0 }, "{body}");
    }
    // The number of 300 entries, cut.
    for body in [r#"{"received":3"#, r#"{"note":1,"received":30"#] {
        assert!(matches!(beginning(body), Outcome::Unavailable { .. }), "{body}");
    }
    for body in ["", "{", "{}", r#"{"received":"#, r#"{"note":"xxxx"#, "<html>", r#"{"received":3 x"#] {
        assert!(matches!(beginning(body), Outcome::Unavailable { .. }), "{body}");
    }
    let refusal = ServerAnswer::beginning(401, b"<html><bo").outcome(None, NOW);
    assert!(matches!(refusal, Outcome::Denied { .. }));
}

#[test]
fn nothing_received_is_a_refusal() {
    for body in [r#"{"received":0}"#, r#"{"received":0,"rejected":null}"#, r#"{"received":0,"rejected":[]}"#]
    {
        assert!(matches!(of(200, body), Outcome::Refused { .. }), "{body}");
    }
    let listed = r#"{"received":0,"rejected":[{"index":0}]}"#;
    assert_eq!(of(200, listed), Outcome::Stored { received: Some(0), rejected: 1 });
}

#[test]
fn statuses_fall_into_their_classes() {
    for status in [400, 422] {
        assert!(matches!(of(status, ""), Outcome::Refused { .. }), "{status}");
    }
    for (status, of_key) in [
        (301, false),
        (401, true),
        (403, true),
        (404, false),
        (405, false),
        (410, false),
        (415, false),
        (451, false),
    ] {
        let outcome = of(status, "");
        assert!(
            matches!(outcome, Outcome::Denied { key_rejected, .. } if key_rejected == of_key),
            "{status}: {outcome:?}"
        );
    }
    for status in [401, 403] {
        let of_proxy = of(status, "<html><h1>Access denied</h1></html>");
        assert!(matches!(of_proxy, Outcome::Denied { key_rejected: false, .. }), "{status}: {of_proxy:?}");
    }
    for status in [500, 501, 502, 503, 504, 507, 599] {
        assert!(matches!(of(status, ""), Outcome::Failed { .. }), "{status}");
    }
    assert!(matches!(of(408, ""), Outcome::Unavailable { .. }));
    assert!(matches!(of(413, ""), Outcome::TooLarge { .. }));
    let limited = Outcome::of_answer(429, Some("2"), b"{}", NOW);
    assert_eq!(
        limited,
        Outcome::Limited { retry_after: Some(Duration::from_secs(2)), detail: "status 429".to_owned() }
    );
}

#[test]
fn the_servers_own_text_is_told() {
    let detail = |outcome| match outcome {
        Outcome::Denied { detail, .. } => detail,
        other => panic!("{other:?}"),
    };
    assert_eq!(detail(of(401, r#"{"error":"Unauthorized"}"#)), "status 401: Unauthorized");
    let both = r#"{"error":"Forbidden","message":"Request origin not allowed"}"#;
    assert_eq!(detail(of(403, both)), "status 403: Request origin not allowed");
    assert_eq!(detail(of(404, &format!(r#"{{"error":"{}"}}"#, "x".repeat(9_000)))).chars().count(), 313);
    assert!(detail(of(404, " <html>")).starts_with("status 404 with a web page"));
}

#[test]
fn what_the_server_says_is_told_in_one_line_without_the_key() {
    let echo = br#"{"error":"E","message":"\u001b[31mkey LP_SECRET1\nlogtide: sent 1 entry","code":"a\nlp_secret1","received":"lp_secret1"}"#;
    let answer = |status| ServerAnswer::new(status, echo).secrets(&["lp_secret1"]);
    for status in [200, 301, 400, 401, 408, 413, 429, 500] {
        let told = format!("{:?}", answer(status).outcome(None, NOW));
        assert!(!told.to_lowercase().contains("secret1") && told.contains("***"), "{told}");
        assert!(!told.contains("\\n") && !told.contains("\\u{1b}"), "{told}");
    }
    assert_eq!(answer(400).text().unwrap(), " [31mkey *** logtide: sent 1 entry");
    assert_eq!(answer(400).code().unwrap(), "a ***");
    let error = answer(200).unexpected_body(serde_json::from_slice::<u8>(br#""lp_secret1""#).unwrap_err());
    assert!(!format!("{error} {error:?} {:?}", answer(200)).to_lowercase().contains("secret1"));
}

#[test]
fn what_an_otlp_endpoint_says_of_an_error_is_told() {
    let body = r#"{"partialSuccess":{"rejectedLogRecords":-1,"errorMessage":"Failed to decode"}}"#;
    assert_eq!(of(400, body), Outcome::Refused { detail: "status 400: Failed to decode".to_owned() });
    let words = ServerAnswer::new(400, b"\x12\x03bad").words("said by lp_key").secrets(&["lp_key"]);
    assert_eq!(words.outcome(None, NOW), Outcome::Refused { detail: "status 400: said by ***".to_owned() });
}
