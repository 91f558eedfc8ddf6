//! What an error becomes.

use std::{
    fmt::{self, Display},
    panic::Location,
    sync::OnceLock,
};

use serde_json::{Value, json};

use super::*;
use crate::{Frame, Head, Json, Level, Metadata, Record, RecordWriter};

#[derive(Debug, thiserror::Error)]
#[error("query failed")]
struct QueryFailed {
    #[source]
    cause: Box<dyn Error + Send + Sync>,
}

#[derive(Debug, thiserror::Error)]
#[error("")]
struct Blank;

#[test]
fn an_error_with_its_cause_and_place() {
    let error =
        QueryFailed { cause: Box::new(std::num::ParseIntError::clone(&"x".parse::<i32>().unwrap_err())) };
    let metadata = Metadata::from_fields(&error);
    let exception = metadata.get("exception").unwrap();
    assert_eq!(exception["type"], "QueryFailed");
    assert_eq!(exception["message"], "query failed");
    assert_eq!(exception["language"], "rust");
    assert_eq!(exception["stacktrace"][0]["file"], file!());
    assert_eq!(exception["cause"]["type"], "ParseIntError");
    assert_eq!(exception["cause"]["message"], "invalid digit found in string");
    let summary = metadata.get("error").unwrap();
    assert_eq!(summary["name"], exception["type"]);
    assert_eq!(summary["message"], "query failed");
    let stack = summary["stack"].as_str().unwrap();
    assert!(
        stack.contains("QueryFailed: query failed\ncaused by: invalid digit found in string\n    at "),
        "{stack}"
    );
}

mod names;

#[test]
fn a_blank_message_is_replaced_by_the_type() {
    let metadata = Metadata::from_fields(&Blank);
    assert_eq!(metadata.get("exception").unwrap()["message"], json!("Blank"));
}

/// A link of a chain that may lead back to its start.
#[derive(Debug)]
struct Node {
    name: String,
    next: OnceLock<&'static Self>,
}

impl Display for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl Error for Node {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.next.get().map(|next| *next as &(dyn Error + 'static))
    }
}

/// A chain of so many errors, of which the last has the one at `back` as its cause.
fn chain(length: usize, back: Option<usize>) -> &'static Node {
    let nodes: Vec<&'static Node> = (0..length)
        .map(|number| &*Box::leak(Box::new(Node { name: format!("error {number}"), next: OnceLock::new() })))
        .collect();
    for pair in nodes.windows(2) {
        pair[0].next.set(pair[1]).unwrap();
    }
    if let Some(back) = back {
        nodes[length - 1].next.set(nodes[back]).unwrap();
    }
    nodes[0]
}

fn messages(error: &(dyn Error + 'static)) -> Vec<String> {
    let metadata = Metadata::from_fields(error);
    let mut messages = Vec::new();
    let mut link = metadata.get("exception");
    while let Some(exception) = link {
        messages.push(exception["message"].as_str().unwrap().to_owned());
        link = exception.get("cause");
    }
    let causes = metadata.get("error").unwrap()["stack"].as_str().unwrap().matches("caused by: ").count();
    assert_eq!(causes + 1, messages.len());
    messages
}

#[test]
fn each_error_of_a_circle_is_written_once() {
    assert_eq!(messages(chain(1, Some(0))), ["error 0"]);
    assert_eq!(messages(chain(2, Some(0))), ["error 0", "error 1"]);
    assert_eq!(messages(chain(4, Some(2))), ["error 0", "error 1", "error 2", "error 3"]);
    let metadata = Metadata::from_fields(chain(2, Some(0)));
    assert!(metadata.get("exception").unwrap()["cause"].get("cause").is_none(), "also behind its own type");
}

#[test]
fn a_chain_ends_after_ten_causes() {
    assert_eq!(messages(chain(25, None)).len(), 1 + chain::MAX_CAUSES);
    assert_eq!(messages(chain(5, None)).len(), 5);
}

#[test]
fn a_cause_at_the_address_of_its_error_is_no_circle() {
    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] Inner);
    #[derive(Debug, thiserror::Error)]
    #[error("inner")]
    struct Inner(#[source] Innermost);
    #[derive(Debug, thiserror::Error)]
    #[error("innermost {0}")]
    struct Innermost(u64);

    assert_eq!(messages(&Outer(Inner(Innermost(1)))), ["outer", "inner", "innermost 1"]);
}

#[test]
fn a_display_that_fails_costs_only_itself() {
    #[derive(Debug)]
    struct Fails;
    impl Display for Fails {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("half of")?;
            Err(fmt::Error)
        }
    }
    impl Error for Fails {}
    assert_eq!(messages(&Fails), ["half of"]);
}

#[test]
fn metadata_of_the_callers_own_wins() {
    let error = "x".parse::<u8>().unwrap_err();
    let metadata = Metadata::from_fields(json!({"exception": "mine", "attempt": 1}).with(&error));
    assert_eq!(metadata.get("exception"), Some(&json!("mine")));
    assert_eq!(metadata.get("attempt"), Some(&json!(1)));
    assert!(metadata.contains_key("error"));
}

#[test]
fn an_error_in_an_owned_entry_follows_the_format_too() {
    let error = "x".parse::<u8>().unwrap_err();
    let metadata = Metadata::from_fields(&error);
    for (format, keys) in [
        (ErrorFormat::Both, &["error", "exception"][..]),
        (ErrorFormat::Error, &["error"]),
        (ErrorFormat::Exception, &["exception"]),
    ] {
        let entry = encoded(&metadata, format);
        assert_eq!(entry.0["metadata"].as_object().unwrap().keys().collect::<Vec<_>>(), keys);
        assert!(entry.1, "frames can be attached");
    }
    let own = Metadata::from_fields(json!({"error": "mine", "exception": {"language": "rust"}}));
    let entry = encoded(&own, ErrorFormat::Exception);
    assert_eq!((&entry.0["metadata"]["error"], entry.1), (&json!("mine"), false));
}

#[test]
fn a_panic_is_an_error_with_thread_and_place() {
    let location = Location::caller();
    let panic = Panic::new("index out of bounds").thread("worker").location(location);
    let (entry, has_error) = encoded(panic, ErrorFormat::Both);
    let metadata = &entry["metadata"];
    assert_eq!(metadata["exception"]["type"], "panic");
    assert_eq!(metadata["exception"]["message"], "index out of bounds");
    assert_eq!(metadata["exception"]["stacktrace"][0]["line"], location.line());
    assert_eq!(metadata["error"]["stack"], format!("panic: index out of bounds\n    at {location}"));
    assert_eq!(metadata["panic"], json!({"thread": "worker", "location": location.to_string()}));
    assert!(has_error);
}

#[test]
fn a_place_in_the_standard_library_does_not_depend_on_the_compiler() {
    for (file, expected) in [
        ("/rustc/59807616e1fa/library/alloc/src/vec/mod.rs", "library/alloc/src/vec/mod.rs"),
        ("/rustc/59807616e1fa\\library\\core\\src\\option.rs", "library\\core\\src\\option.rs"),
        ("/opt/stable/lib/rustlib/src/rust/library/std/src/io.rs", "library/std/src/io.rs"),
        ("src/library/mod.rs", "src/library/mod.rs"),
        ("/srv/rustc/src/main.rs", "/srv/rustc/src/main.rs"),
    ] {
        let place = Frame { file: Some(file), line: Some(7), column: Some(5), ..Frame::default() };
        let (entry, _) = encoded(Panic::new("out of range").location(place), ErrorFormat::Both);
        let metadata = &entry["metadata"];
        assert_eq!(metadata["exception"]["stacktrace"][0]["file"], expected);
        let stack = format!("panic: out of range\n    at {expected}:7:5");
        assert_eq!(metadata["error"]["stack"], stack);
    }
}

#[test]
fn a_further_entry_about_a_panic_has_its_place_alone() {
    let location = Location::caller();
    let panic = Panic::new("index out of bounds").thread("worker").location(location).without_exception();
    let (entry, has_error) = encoded(panic, ErrorFormat::Both);
    assert_eq!(entry["metadata"]["panic"], json!({"thread": "worker", "location": location.to_string()}));
    assert_eq!((entry["metadata"].get("exception"), entry["metadata"].get("error")), (None, None));
    assert!(!has_error);
}

/// The entry, and whether frames can be attached to it.
fn encoded(metadata: impl IntoMetadata, format: ErrorFormat) -> (Value, bool) {
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&Head::new(Level::Error, "svc"));
    fields.metadata(metadata);
    let record: Record<'_> = fields.finish();
    let text = Json::default().error_format(format).without_global().text(record);
    (serde_json::from_str(&text).unwrap(), record.has_error())
}
