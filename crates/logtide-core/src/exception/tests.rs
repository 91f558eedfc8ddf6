//! What an error becomes.

use serde_json::json;

use super::*;
use crate::Metadata;

#[derive(Debug, thiserror::Error)]
#[error("query failed")]
struct QueryFailed {
    #[source]
    cause: Box<dyn Error + Send + Sync>,
}

#[derive(Debug, thiserror::Error)]
#[error("")]
struct Blank;

#[derive(Debug, thiserror::Error)]
#[error("round {0}")]
struct Circle(u8);

#[test]
fn an_error_with_its_cause_and_place() {
    let error =
        QueryFailed { cause: Box::new(std::num::ParseIntError::clone(&"x".parse::<i32>().unwrap_err())) };
    let metadata = Metadata::from_fields(&error);
    let exception = metadata.get("exception").unwrap();
    assert_eq!(exception["type"], "logtide_core::exception::tests::QueryFailed");
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

#[test]
fn dyn_errors_and_plain_texts_have_a_type_too() {
    let error: Box<dyn Error + Send + Sync> = Box::new(Circle(1));
    assert_eq!(Metadata::from_fields(&*error).get("exception").unwrap()["type"], "Circle");
    let error: Box<dyn Error + Send + Sync> = "plain text".into();
    assert_eq!(Metadata::from_fields(&*error).get("exception").unwrap()["type"], "Error");
}

#[test]
fn a_blank_message_is_replaced_by_the_type() {
    let metadata = Metadata::from_fields(&Blank);
    assert_eq!(metadata.get("exception").unwrap()["message"], json!("logtide_core::exception::tests::Blank"));
}

#[test]
fn a_circle_of_causes_ends() {
    #[derive(Debug, thiserror::Error)]
    #[error("again")]
    struct Again;
    #[derive(Debug)]
    struct Endless;
    impl Display for Endless {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("endless")
        }
    }
    impl Error for Endless {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&Self)
        }
    }
    let metadata = Metadata::from_fields(&Endless);
    assert_eq!(metadata.get("exception").unwrap().to_string().matches("\"cause\"").count(), MAX_CAUSES);
    assert_eq!(
        metadata.get("error").unwrap()["stack"].as_str().unwrap().matches("caused by").count(),
        MAX_CAUSES
    );
    assert!(Metadata::from_fields(&Again).contains_key("error"));
}
