//! Errors among the fields.

use std::{
    error::Error,
    fmt::{self, Debug, Display},
};

use serde_json::json;
use tracing::{error, info, info_span, subscriber::with_default};
use tracing_subscriber::prelude::*;

use crate::setup::{Memory, sent_by_default};

#[derive(Debug)]
struct Failed(std::num::ParseIntError);

impl Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("it failed")
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn failed() -> Failed {
    Failed("x".parse::<u16>().expect_err("this is no number"))
}

#[test]
fn the_first_error_is_an_exception_and_others_are_texts() {
    let failed = failed();
    let line = line!() + 2;
    let entries = sent_by_default(|| {
        error!(cause = &failed as &dyn Error, attempt = 3, second = &failed.0 as &dyn Error, "failed");
        error!(error = %failed, "failed");
        info_span!("span", why = &failed as &dyn Error).in_scope(|| error!("failed"));
    });
    let metadata = &entries[0]["metadata"];
    assert_eq!((metadata.get("cause"), &metadata["attempt"]), (None, &json!(3)));
    assert_eq!(metadata["second"], failed.0.to_string());
    assert_eq!(
        (&metadata["exception"]["type"], &metadata["exception"]["message"]),
        (&json!("Failed"), &json!("it failed"))
    );
    assert_eq!(metadata["exception"]["cause"]["message"], failed.0.to_string());
    assert_eq!(metadata["error"]["name"], "Failed");
    assert_eq!(metadata["exception"]["stacktrace"], json!([{"file": file!(), "line": line}]));
    assert_eq!(entries[1]["metadata"], json!({"error": "it failed"}), "a text is a text");
    assert_eq!(entries[2]["metadata"], json!({"why": "it failed", "spans": ["span"]}));
}

#[test]
fn frames_begin_where_the_event_is() {
    let memory = Memory::with_options(|options| options.attach_stacktrace(true));
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        error!(error = &failed() as &dyn Error, "failed");
    });
    let entries = memory.entries();
    let frames = entries[0]["metadata"]["exception"]["stacktrace"].as_array().expect("frames");
    let first = frames[0]["function"].as_str().expect("a text");
    assert!(first.contains("frames_begin_where_the_event_is"), "{frames:?}");
    assert!(frames[0]["file"].as_str().expect("a text").ends_with("errors.rs"), "{frames:?}");
}

struct Panics;

impl Debug for Panics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("half ")?;
        panic!("expected in this test")
    }
}

impl Display for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("expected in this test")
    }
}

impl Error for Panics {}

#[test]
fn a_value_that_panics_costs_only_itself() {
    let entries = sent_by_default(|| {
        let span = info_span!("span", bad = ?Panics, good = 1);
        let _entered = span.enter();
        info!(worse = ?Panics, fine = 2, "{}", Panics);
        error!(error = &Panics as &dyn Error, fine = 3, "failed");
        info!(logtide.service = %Panics, fine = 4, "m");
    });
    let note = "(panicked while it was formatted)";
    assert_eq!(entries[0]["message"], note);
    assert_eq!(
        entries[0]["metadata"],
        json!({
            "worse": format!("half {note}"), "fine": 2, "bad": format!("half {note}"), "good": 1, "spans": ["span"]
        })
    );
    assert_eq!(entries[1]["message"], "failed");
    assert_eq!((&entries[1]["metadata"]["fine"], &entries[1]["metadata"]["good"]), (&json!(3), &json!(1)));
    assert_eq!(entries[1]["metadata"]["exception"]["message"], note);
    let metadata = &entries[2]["metadata"];
    assert_eq!((&metadata["logtide.service"], &metadata["fine"]), (&json!(note), &json!(4)));
    assert_eq!(entries[2]["service"], "svc", "a note is no name");
}
